import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { MockLanguageModelV4 } from 'ai/test';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../support/cli.ts';
import { writePicture } from './pictures.ts';

const document = readFileSync(new URL('../../docs/tiling.md', import.meta.url), 'utf8');

/** The example as it stands, with addresses in place of names of packages, since it runs outside of any project. */
function example(): string {
  const section = document.slice(document.indexOf('## In any AI SDK app'));
  const code = /```ts\n(.*?)```/s.exec(section)?.[1] ?? '';
  const sdk = pathToFileURL(createRequire(import.meta.url).resolve('ai')).href;
  const own = new URL('../../src/index.ts', import.meta.url).href;
  return code.replace("from 'ai'", `from '${sdk}'`).replace("from 'fettle'", `from '${own}'`);
}

it('the example in docs/tiling.md sends tiles to a model of the AI SDK', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'example.ts');
  const code = example();
  expect(code).toContain('tilingMiddleware');
  expect(code.split('\n').filter((line) => line.trim() !== '').length).toBeLessThanOrEqual(12);
  writeFileSync(file, code);
  const { ask } = (await import(/* @vite-ignore */ file)) as {
    ask(model: unknown, question: string, paths: readonly string[]): Promise<string>;
  };
  const model = new MockLanguageModelV4({
    doGenerate: {
      content: [{ type: 'text', text: 'The second.' }],
      warnings: [],
      finishReason: { unified: 'stop', raw: 'stop' },
      usage: {
        inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
        outputTokens: { total: 1, text: 1, reasoning: 0 },
      },
    },
  });
  const names = [await writePicture(folder, 0, 728, 364), await writePicture(folder, 1, 800, 900)];
  const paths = names.map((name) => join(folder, name));
  expect(await ask(model, 'Which chart grows faster?', paths)).toBe('The second.');
  const content = model.doGenerateCalls[0]?.prompt[0]?.content as readonly {
    type: string;
    text?: string;
    data?: { data: Uint8Array };
  }[];
  const texts = content.flatMap(({ text }) => (text === undefined ? [] : [text]));
  expect(texts[0]).toMatch(/^Image 1/);
  expect(texts).toContain('Image 2, row 1 of 3, column 1 of 3:');
  expect(texts.at(-1)).toBe('Which chart grows faster?');
  const sizes = await Promise.all(
    content.flatMap(({ data }) => (data === undefined ? [] : [sharp(data.data).metadata()])),
  );
  expect(sizes.length).toBeGreaterThan(8);
  expect(sizes.every(({ width, height }) => width === 364 && height === 364)).toBe(true);
});
