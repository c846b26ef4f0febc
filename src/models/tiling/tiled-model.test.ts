import { hash } from 'node:crypto';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import {
  canonicalJson,
  type GenerateRequest,
  type ImageReference,
  type LoglikelihoodRequest,
  type Message,
  type Model,
} from '../../core/index.ts';
import { createTestModel } from '../test-model.ts';
import { tiledModel } from './index.ts';

const image: ImageReference = {
  label: 'page.png',
  async load() {
    const bytes = await sharp({ create: { width: 728, height: 728, channels: 3, background: '#777777' } })
      .png()
      .toBuffer();
    return { sha256: hash('sha256', bytes, 'hex'), mediaType: 'image/png', bytes };
  },
};
const messages: Message[] = [
  { role: 'user', content: [{ type: 'image', image, detail: 'high' }] },
  { role: 'assistant', content: 'And?' },
  {
    role: 'user',
    content: [
      { type: 'image', image },
      { type: 'text', text: 'The same?' },
    ],
  },
];

function recorder() {
  const generated: GenerateRequest[] = [];
  const scored: LoglikelihoodRequest[] = [];
  const model: Model = {
    ...createTestModel('echo'),
    async generate(request) {
      generated.push(request);
      return { text: 'yes', finishReason: 'stop', usage: {} };
    },
    async loglikelihood(request) {
      scored.push(request);
      return { continuations: request.continuations.map(() => ({ logprob: -1, tokens: 1 })), usage: {} };
    },
  };
  return { model, generated, scored };
}

const partsOf = ({ messages: sent }: { messages: readonly Message[] }) =>
  sent.flatMap(({ content }) => (typeof content === 'string' ? [] : content));

describe('tiledModel', () => {
  it('plans all images of a request, of all its messages, under one budget', async () => {
    const { model, generated, scored } = recorder();
    const tiled = tiledModel(model, { budget: 7, allocator: 'leopard' });
    await tiled.generate({ messages, temperature: 0 });
    await tiled.loglikelihood?.({ messages, continuations: ['yes', 'no'] });
    for (const request of [generated[0], scored[0]]) {
      const images = partsOf(request ?? { messages: [] }).filter((part) => part.type === 'image');
      // Of five tiles each page gets two, which is one row or column beside its thumbnail.
      expect(images).toHaveLength(6);
      expect(images.map(({ detail }) => detail)).toEqual(['high', 'high', 'high', undefined, undefined, undefined]);
    }
    expect(generated[0]).toMatchObject({ temperature: 0 });
    expect(scored[0]?.continuations).toEqual(['yes', 'no']);
    expect(messages[0]?.content).toHaveLength(1);
  });

  it('hands on requests without images, and embeddings, as they are', async () => {
    const { model, generated } = recorder();
    const tiled = tiledModel(model);
    const request: GenerateRequest = { messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }] };
    await tiled.generate(request);
    expect(generated[0]).toBe(request);
    const asked = { texts: ['a', 'b'] };
    expect(await tiled.embed?.(asked)).toEqual(await model.embed?.(asked));
  });

  it('has the options in its identity, and only the capabilities that the model has', () => {
    const { generate, ...rest } = recorder().model;
    const bare: Model = { id: 'm', identity: rest.identity, endpoint: 'e', maxConcurrency: 3, generate };
    const tiled = tiledModel(bare, { budget: 9 });
    expect(tiled).toMatchObject({ id: 'm', endpoint: 'e', maxConcurrency: 3 });
    expect([tiled.loglikelihood, tiled.embed, tiled.compare, tiled.classify, tiled.close]).toEqual(
      Array(5).fill(undefined),
    );
    const whole: Model = { ...bare, classify: async () => ({ probabilities: [], usage: {} }) };
    expect(tiledModel(whole).classify).toBeDefined();
    const identities = [
      bare,
      tiled,
      tiledModel(bare, { budget: 10 }),
      tiledModel(bare, { budget: 9, tile: 336 }),
      tiledModel(bare, { budget: 9, allocator: 'leopard' }),
      tiledModel(bare, { budget: 9, captions: false }),
      tiledModel(bare, { budget: 9, format: 'jpeg' }),
    ].map(({ identity }) => canonicalJson(identity));
    expect(new Set(identities).size).toBe(identities.length);
    const spelled = tiledModel(bare, { budget: 9, tile: 364, allocator: undefined });
    expect(canonicalJson(spelled.identity)).toBe(canonicalJson(tiled.identity));
  });

  it('refuses options that cannot be meant at once, and names an image that cannot be read', async () => {
    const { model } = recorder();
    expect(() => tiledModel(model, { budget: 0 })).toThrow(/budget/);
    const cut: ImageReference = {
      label: 'cut.png',
      load: async () => ({ ...(await image.load()), bytes: new Uint8Array(3) }),
    };
    const content = [{ type: 'image' as const, image: cut }];
    await expect(tiledModel(model).generate({ messages: [{ role: 'user', content }] })).rejects.toMatchObject({
      where: 'cut.png',
    });
  });

  it('ends before the model is asked where the signal has aborted', async () => {
    const { model, generated } = recorder();
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(tiledModel(model).generate({ messages }, { signal })).rejects.toThrow('enough');
    expect(generated).toEqual([]);
  });
});
