import { generateText, streamText, wrapLanguageModel } from 'ai';
import { MockLanguageModelV4 } from 'ai/test';
import * as sdk6 from 'ai-v6';
import { MockLanguageModelV3 } from 'ai-v6/test';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { tilingMiddleware } from './index.ts';

const png = (width: number, height: number, background = '#c03030'): Promise<Buffer> =>
  sharp({ create: { width, height, channels: 3, background } })
    .png()
    .toBuffer();

interface Part {
  readonly type: string;
  readonly text?: string;
  readonly mediaType?: string;
  readonly data?: unknown;
  readonly providerOptions?: unknown;
}

/** What arrived as words: texts as they are, images by size. */
async function shown(content: readonly Part[]): Promise<string[]> {
  return Promise.all(
    content.map(async ({ type, text, mediaType, data }) => {
      if (type === 'text') return text ?? '';
      const bytes = data instanceof Uint8Array ? data : (data as { data?: unknown }).data;
      if (!(bytes instanceof Uint8Array)) return `${type} ${String(mediaType)}`;
      const { width, height } = await sharp(bytes).metadata();
      return `${width}x${height}`;
    }),
  );
}

const answer = { content: [{ type: 'text' as const, text: 'ok' }], warnings: [] };
const finished = {
  finishReason: { unified: 'stop' as const, raw: 'stop' },
  usage: {
    inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
    outputTokens: { total: 1, text: 1, reasoning: 0 },
  },
};
const recording = () => new MockLanguageModelV4({ doGenerate: { ...answer, ...finished } });

describe('tilingMiddleware', () => {
  it('gives a model of the AI SDK thumbnails and tiles, numbered, one budget for all', async () => {
    const model = recording();
    const inputs: number[] = [];
    const { text } = await generateText({
      model: wrapLanguageModel({
        model,
        middleware: tilingMiddleware({
          budget: 8,
          allocator: 'leopard',
          onPlan: (plan) => inputs.push(plan.visualInputs),
        }),
      }),
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Compare' },
            { type: 'file', mediaType: 'image/png', data: await png(728, 364) },
            { type: 'text', text: 'with' },
            { type: 'file', mediaType: 'image', data: (await png(364, 728, '#3030c0')).toString('base64') },
            { type: 'text', text: '?' },
          ],
        },
      ],
    });
    expect(text).toBe('ok');
    const content = model.doGenerateCalls[0]?.prompt[0]?.content as readonly Part[];
    expect(await shown(content)).toEqual([
      'Compare',
      'Image 1, overview of 1 row by 2 columns:',
      '364x364',
      'Image 1, row 1 of 1, column 1 of 2:',
      '364x364',
      'Image 1, row 1 of 1, column 2 of 2:',
      '364x364',
      'with',
      'Image 2, overview of 2 rows by 1 column:',
      '364x364',
      'Image 2, row 1 of 2, column 1 of 1:',
      '364x364',
      'Image 2, row 2 of 2, column 1 of 1:',
      '364x364',
      '?',
    ]);
    expect(inputs).toEqual([6]);
  });

  it('works with version 6 of the SDK, whose data are not tagged', async () => {
    const model = new MockLanguageModelV3({ doGenerate: { ...answer, ...finished } });
    await sdk6.generateText({
      model: sdk6.wrapLanguageModel({ model, middleware: tilingMiddleware({ budget: 5, allocator: 'leopard' }) }),
      messages: [{ role: 'user', content: [{ type: 'image', image: await png(728, 364) }] }],
    });
    const content = model.doGenerateCalls[0]?.prompt[0]?.content as readonly Part[];
    expect(content.filter(({ type }) => type === 'file').map(({ data }) => data instanceof Uint8Array)).toEqual([
      true,
      true,
      true,
    ]);
  });

  it('works while streaming too', async () => {
    const model = new MockLanguageModelV4({
      doStream: {
        stream: new ReadableStream({
          start(controller) {
            controller.enqueue({ type: 'finish', ...finished });
            controller.close();
          },
        }),
      },
    });
    const result = streamText({
      model: wrapLanguageModel({ model, middleware: tilingMiddleware() }),
      messages: [{ role: 'user', content: [{ type: 'file', mediaType: 'image/png', data: await png(800, 800) }] }],
    });
    await result.consumeStream();
    const content = model.doStreamCalls[0]?.prompt[0]?.content as readonly Part[];
    expect(content.filter(({ type }) => type === 'file').length).toBeGreaterThan(1);
  });

  it('leaves everything else as it was: other files, reasoning, results of tools, requests without images', async () => {
    const { transformParams } = tilingMiddleware({ onWarning: () => undefined });
    const pdf = { type: 'file', mediaType: 'application/pdf', data: new Uint8Array([1]) };
    const bare = {
      prompt: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: [{ type: 'text', text: 'Hi' }, pdf] },
      ],
    };
    expect(await transformParams({ params: bare })).toBe(bare);
    const image = { type: 'file', mediaType: 'image/*', data: await png(10, 10) };
    const tool = { role: 'tool', content: [{ type: 'tool-result', output: { type: 'content', value: [image] } }] };
    const reasoning = { type: 'reasoning', text: 'hm' };
    const mixed = {
      temperature: 0,
      prompt: [
        { role: 'user', content: [pdf, image, pdf], providerOptions: { x: {} } },
        { role: 'assistant', content: [reasoning] },
        tool,
      ],
    };
    const after = await transformParams({ params: mixed });
    expect(after.temperature).toBe(0);
    const [user, assistant, last] = after.prompt as [{ content: Part[] }, { content: Part[] }, unknown];
    expect(user).toMatchObject({ role: 'user', providerOptions: { x: {} } });
    expect([user.content[0], user.content.at(-1)]).toEqual([pdf, pdf]);
    expect(assistant.content).toEqual([reasoning]);
    expect(last).toEqual(tool);
  });

  it('leaves images behind addresses, says so, and numbers the others rightly', async () => {
    const warnings: string[] = [];
    const { transformParams } = tilingMiddleware({ budget: 4, onWarning: (text) => warnings.push(text) });
    const remote = { type: 'file', mediaType: 'image/png', data: new URL('https://example.com/a.png') };
    const tagged = { type: 'file', mediaType: 'image', data: { type: 'reference', reference: { openai: 'file-1' } } };
    const here = `data:image/png;base64,${(await png(30, 30)).toString('base64')}`;
    const own = { type: 'file', mediaType: 'image/png', data: { type: 'url', url: new URL(here) } };
    const after = await transformParams({ params: { prompt: [{ role: 'user', content: [remote, own, tagged] }] } });
    const content: readonly Part[] = after.prompt[0]?.content ?? [];
    const words = await shown(content);
    expect(words[0]).toBe('Image 1:');
    expect(content[1]).toBe(remote);
    expect(words[2]).toMatch(/^Image 2/);
    expect(words.slice(-2)).toEqual(['Image 3:', 'file image']);
    expect(content.at(-1)).toBe(tagged);
    expect(warnings).toEqual([expect.stringContaining('2 images are sent as they are')]);
    const only = { prompt: [{ role: 'user', content: [remote] }] };
    expect(await transformParams({ params: only })).toBe(only);
  });

  it('keeps the options of an image on its parts, marks of prompt caches on the last alone', async () => {
    const { transformParams } = tilingMiddleware({ budget: 4, allocator: 'leopard' });
    const providerOptions = { anthropic: { cacheControl: { type: 'ephemeral' } }, openai: { imageDetail: 'high' } };
    const image = { type: 'file', mediaType: 'image/png', data: await png(728, 364), providerOptions };
    const after = await transformParams({ params: { prompt: [{ role: 'user', content: [image] }] } });
    const content: readonly Part[] = after.prompt[0]?.content ?? [];
    const options = content.filter(({ type }) => type === 'file').map((part) => part.providerOptions);
    expect(options).toEqual([
      { anthropic: {}, openai: { imageDetail: 'high' } },
      { anthropic: {}, openai: { imageDetail: 'high' } },
      providerOptions,
    ]);
  });

  it('names the image that cannot be read, and refuses options that cannot be meant at once', async () => {
    const model = wrapLanguageModel({ model: recording(), middleware: tilingMiddleware() });
    const broken = { type: 'file' as const, mediaType: 'image/png', data: Buffer.from('no image') };
    await expect(
      generateText({ model, messages: [{ role: 'user', content: [broken] }], maxRetries: 0 }),
    ).rejects.toMatchObject({ code: 'image-invalid', message: expect.stringContaining('image 1 of the prompt') });
    expect(() => tilingMiddleware({ budget: 0 })).toThrow(/budget/);
  });
});
