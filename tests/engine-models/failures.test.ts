// What the provider does with an engine that dies, has no memory, or cannot open the checkpoint.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Model } from '../../src/core/index.ts';
import { createEngineModel } from '../../src/models/index.ts';

const python = fileURLToPath(new URL('failing-python.mjs', import.meta.url));
const ask = (content: string) => ({ messages: [{ role: 'user' as const, content }] });

describe('a model of the engine', () => {
  let folder: string;
  let model: Model | undefined;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fettle-failing-'));
    await writeFile(join(folder, 'config.json'), '{}');
  });
  afterEach(async () => {
    await model?.close?.();
    await rm(folder, { recursive: true, force: true });
  });

  const starts = join(tmpdir(), `fettle-failing-starts-${process.pid}`);
  async function open(fails: string, options: { batch?: number } = {}): Promise<Model> {
    await rm(starts, { force: true });
    const env = { ...process.env, FETTLE_ENGINE_PYTHON: python, FAILS: fails, STARTS: starts };
    model = await createEngineModel(folder, { env, ...options });
    return model;
  }
  const count = async (word: string): Promise<number> =>
    (await readFile(starts, 'utf8')).split('\n').filter((line) => line === word).length;

  it('joins calls into batches of at most the option, and reads weights with the first', async () => {
    const opened = await open('', { batch: 3 });
    expect(await count('load')).toBe(0);
    expect(opened.maxConcurrency).toBe(6);
    const said = await Promise.all(['a', 'b', 'c', 'd'].map((text) => opened.generate(ask(text))));
    expect(said.map(({ text }) => text)).toEqual(['3: a', '3: b', '3: c', '1: d']);
    expect(await count('load')).toBe(1);
  });

  it('tells the last words of an engine that died, starts it again, and gives up after three deaths in a row', async () => {
    const opened = await open('');
    const dying = await Promise.allSettled([opened.generate(ask('die')), opened.generate(ask('beside it'))]);
    for (const end of dying) {
      expect(end).toMatchObject({
        reason: { code: 'engine-died', message: expect.stringContaining('the last words') },
      });
    }
    expect((await opened.generate(ask('again'))).text).toBe('1: again');
    expect(await count('start')).toBe(2);
    for (let death = 1; death <= 3; death++) {
      await expect(opened.generate(ask('die'))).rejects.toThrow('exit code 134 during "generate"');
    }
    await expect(opened.generate(ask('again'))).rejects.toMatchObject({
      code: 'engine-died',
      message: expect.stringMatching(/3 times in a row[^]*the last words/),
    });
    expect(await count('start')).toBe(4);
  });

  it('takes smaller batches where memory runs out', async () => {
    const opened = await open('memory');
    const said = await Promise.all(['a', 'b', 'c', 'd'].map((text) => opened.generate(ask(text))));
    expect(said.map(({ text }) => text)).toEqual(['2: a', '2: b', '2: c', '2: d']);
  });

  it('asks once, not for each call, for a checkpoint that cannot be opened', async () => {
    const opened = await open('load');
    for (const content of ['a', 'b']) {
      const ends = await Promise.allSettled([opened.generate(ask(content)), opened.generate(ask('beside it'))]);
      for (const end of ends) expect(end).toMatchObject({ reason: { code: 'engine-out-of-memory' } });
    }
    expect(await count('load')).toBe(1);
  });

  it('hashes what decides answers, and nothing else', async () => {
    const shaOf = async (): Promise<unknown> => {
      const { identity, close } = await open('');
      await close?.();
      return typeof identity === 'object' && identity !== null && 'sha256' in identity ? identity['sha256'] : undefined;
    };
    const first = await shaOf();
    await writeFile(join(folder, 'fettle.json'), '{}');
    await writeFile(join(folder, 'model.safetensors.sha256.json'), '{}');
    await writeFile(join(folder, 'README.md'), 'words');
    expect(await shaOf()).toBe(first);
    await writeFile(join(folder, 'chat_template.jinja'), '{{ messages }}');
    const second = await shaOf();
    expect(second).not.toBe(first);
    await writeFile(join(folder, 'config.json'), '{ }');
    expect(await shaOf()).not.toBe(second);
  });

  it.each([
    ['maxTokens', { maxTokens: 0 }],
    ['temperature', { temperature: -1 }],
    ['temperature', { temperature: Number.NaN }],
    ['topP', { topP: 0 }],
    ['topK', { topK: 1.5 }],
    ['seed', { seed: 0.5 }],
    ['stop', { stop: [''] }],
    ['logprobs', { logprobs: 1000, maxTokens: 4096 }],
    ['extra.min_p', { extra: { min_p: 0.1 } }],
  ])('refuses %s that the engine cannot have', async (where, settings) => {
    const opened = await open('');
    await expect(opened.generate({ ...ask('a'), ...settings })).rejects.toMatchObject({ where, exitCode: 2 });
  });
});
