import { hash } from 'node:crypto';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import {
  type ContentPart,
  createRandom,
  type GenerateRequest,
  type ImageReference,
  type MethodContext,
  type Sample,
  type TraceStep,
} from '../../core/index.ts';
import { createMethod } from '../index.ts';

function picture(width: number, height: number, label: string): ImageReference {
  return {
    label,
    async load() {
      const bytes = await sharp({ create: { width, height, channels: 3, background: '#207050' } })
        .png()
        .toBuffer();
      return { sha256: hash('sha256', bytes, 'hex'), mediaType: 'image/png', bytes };
    },
  };
}

function world() {
  const asked: GenerateRequest[] = [];
  const steps: TraceStep[] = [];
  const context: MethodContext = {
    models: {
      main: {
        id: 'm',
        identity: 'm',
        endpoint: 'm',
        async generate(request) {
          asked.push(request);
          return { text: 'both', finishReason: 'stop', usage: {} };
        },
      },
    },
    random: createRandom('x'),
    settings: { temperature: 0, seed: 3 },
    extract: (text) => text,
    trace: (step) => void steps.push(step),
    signal: new AbortController().signal,
  };
  return { asked, steps, context };
}

const images = [picture(728, 364, 'a.png'), picture(300, 300, 'b.png')];
const sample: Sample = {
  id: 's',
  input: [
    { role: 'system', content: 'Look.' },
    {
      role: 'user',
      content: [...images.map((image) => ({ type: 'image' as const, image })), { type: 'text', text: 'Which?' }],
    },
  ],
  target: 'both',
};

function shown(parts: string | readonly ContentPart[]): string[] {
  return (parts as readonly ContentPart[]).map((part) => (part.type === 'text' ? part.text : `[${part.image.label}]`));
}

describe('leopard', () => {
  it('asks once with thumbnails and tiles of all images, numbered, and shows its plan', async () => {
    const { asked, steps, context } = world();
    const answer = await createMethod('leopard:budget=5,allocator=leopard').solve(sample, context);
    expect(answer).toEqual({ text: 'both', metadata: { finishReason: 'stop', visualInputs: 4 } });
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({ temperature: 0, seed: 3 });
    expect(asked[0]?.messages[0]).toEqual({ role: 'system', content: 'Look.' });
    expect(shown(asked[0]?.messages[1]?.content ?? '')).toEqual([
      'Image 1, overview of 1 row by 2 columns:',
      '[a.png, thumbnail]',
      'Image 1, row 1 of 1, column 1 of 2:',
      '[a.png, row 1 of 1, column 1 of 2]',
      'Image 1, row 1 of 1, column 2 of 2:',
      '[a.png, row 1 of 1, column 2 of 2]',
      'Image 2:',
      '[b.png, thumbnail]',
      'Which?',
    ]);
    expect(steps).toEqual([
      {
        type: 'tiles',
        allocator: 'leopard',
        tile: 364,
        budget: 5,
        visualInputs: 4,
        tokens: 676,
        share: 2 / 3,
        images: [
          { image: 'a.png', width: 728, height: 364, rows: 1, columns: 2, tiles: 2, scale: 1 },
          { image: 'b.png', width: 300, height: 300, rows: 0, columns: 0, tiles: 0, scale: 1 },
        ],
        families: expect.objectContaining({
          leopard: { before: 338, after: 676 },
          'openai-tiles': { before: 425 + 255, after: 4 * 255 },
        }) as unknown,
        notes: [],
      },
    ]);
    expect(JSON.parse(JSON.stringify(steps))).toEqual(steps);
  });

  it('turns the order round, leaves thumbnails and numbers out where asked', async () => {
    const { asked, context } = world();
    await createMethod('leopard:order=tiles-first,allocator=leopard,numbering=no').solve(sample, context);
    await createMethod('leopard:thumbnails=no,allocator=uniform,budget=4,numbering=no').solve(sample, context);
    expect(shown(asked[0]?.messages[1]?.content ?? '')).toEqual([
      '[a.png, row 1 of 1, column 1 of 2]',
      '[a.png, row 1 of 1, column 2 of 2]',
      '[a.png, thumbnail]',
      '[b.png, thumbnail]',
      'Which?',
    ]);
    expect(shown(asked[1]?.messages[1]?.content ?? '').join()).not.toContain('thumbnail');
  });

  it('asks a sample without images as it is', async () => {
    const { asked, steps, context } = world();
    const text: Sample = { id: 't', input: [{ role: 'user', content: 'Which?' }], target: 'A' };
    await createMethod('leopard').solve(text, context);
    expect(asked[0]?.messages).toBe(text.input);
    expect(steps).toEqual([]);
  });

  it('names the image that cannot be read, and options that cannot be meant', async () => {
    const broken: ImageReference = {
      label: 'pages/7.png',
      load: async () => ({ sha256: 'a', mediaType: 'image/png', bytes: new Uint8Array([1, 2]) }),
    };
    const bad: Sample = { id: 'x', input: [{ role: 'user', content: [{ type: 'image', image: broken }] }], target: '' };
    await expect(createMethod('leopard').solve(bad, world().context)).rejects.toMatchObject({
      code: 'image-invalid',
      where: 'pages/7.png',
    });
    for (const spec of ['budget=0', 'tile=none', 'allocator=best', 'numbering=perhaps']) {
      expect(() => createMethod(`leopard:${spec}`)).toThrow(/option/);
    }
  });
});
