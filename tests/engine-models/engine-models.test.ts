// Models of the engine beside a plain computation with transformers, and what happens when things go wrong.
import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Model } from '../../src/core/index.ts';
import { bytesImage } from '../../src/data/index.ts';
import { engineEnvironment, findEngine, startEngine } from '../../src/engine/index.ts';
import { createClip, createEngineModel, resolveModel } from '../../src/models/index.ts';
import { pictures } from '../clip/tiny-clip.ts';
import { direct, engineProcesses, makeCheckpoints, testEnvironment, type TinyKind } from './tiny-checkpoints.ts';

const engine = findEngine();
if (engine === undefined) console.warn('skipped: the engine is not set up (fettle engine setup)');

const ask = (content: string) => ({ messages: [{ role: 'user' as const, content }] });
const chats = [
  { content: 'question: what is this?', continuations: ['a', ' red car', 'B', ''] },
  { content: 'the answer is B and so on, at some length, to be padded', continuations: [' a dog', 'an apple'] },
  { content: 'Zwölf 苹果', continuations: ['é', '苹果'] },
  { content: '', continuations: ['x'] },
];
const texts = ['a photo of an apple', 'a red car and a dog. '.repeat(20), 'Ω'];
const images = pictures().map(({ bytes, name }) => bytesImage(bytes, name));

describe.skipIf(engine === undefined)('models of the engine', () => {
  let root: string;
  let folders: Record<TinyKind, string>;
  const models = new Map<string, Model>();

  /** Opened once for all tests. */
  async function model(kind: TinyKind): Promise<Model> {
    const known = models.get(kind) ?? (await createEngineModel(folders[kind], { env: testEnvironment }));
    models.set(kind, known);
    return known;
  }

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'fettle-engine-models-'));
    folders = await makeCheckpoints(engineEnvironment().python, root, [
      'language',
      'long-language',
      'vision-language',
      'dual-encoder',
      'text-encoder',
    ]);
  }, 120_000);

  afterAll(async () => {
    for (const one of models.values()) await one.close?.();
    await rm(root, { recursive: true, force: true });
  });

  it('gives the scores, greedy replies and vectors of transformers, many at once', async () => {
    const question = { language: folders.language, textEncoder: folders['text-encoder'], chats, texts, tokens: 8 };
    const { stdout, stderr } = spawnSync(engineEnvironment().python, [direct], {
      input: JSON.stringify(question),
      env: testEnvironment,
      encoding: 'utf8',
    });
    expect(stdout, stderr).not.toBe('');
    const expected = JSON.parse(stdout) as { scores: number[][]; replies: string[]; vectors: number[][] };
    const language = await model('language');
    const scored = await Promise.all(
      chats.map(({ content, continuations }) => language.loglikelihood?.({ ...ask(content), continuations })),
    );
    const found = scored.map((one) => one?.continuations.map(({ logprob }) => logprob) ?? []);
    expect(largestDifference(found.flat(), expected.scores.flat())).toBeLessThan(1e-4);
    const replies = await Promise.all(
      chats.map(({ content }) => language.generate({ ...ask(content), maxTokens: 8, logprobs: 2 })),
    );
    expect(replies.map(({ text }) => text)).toEqual(expected.replies);
    for (const { usage, logprobs, finishReason } of replies) {
      expect(usage.outputTokens).toBe(logprobs?.length);
      expect(finishReason).toBe(usage.outputTokens === 8 ? 'length' : 'stop');
      expect(usage.inputTokens).toBeGreaterThan(0);
      for (const { top = [], logprob } of logprobs ?? []) expect(top[0]?.logprob).toBeCloseTo(logprob, 6);
    }
    const { vectors = [], usage } = (await (await model('text-encoder')).embed?.({ texts })) ?? {};
    expect(largestDifference(vectors.flat(), expected.vectors.flat())).toBeLessThan(1e-5);
    expect(usage?.inputTokens).toBeGreaterThan(64);
  });

  it('has the capabilities of its kind, and no others', async () => {
    const language = await model('language');
    const text = await model('text-encoder');
    const dual = await model('dual-encoder');
    expect(language).not.toHaveProperty('embed');
    expect(text).not.toHaveProperty('loglikelihood');
    await expect(dual.generate(ask('?'))).rejects.toMatchObject({ code: 'encoder-cannot-generate', exitCode: 2 });
    await expect(text.embed?.({ texts: [], images })).rejects.toMatchObject({ code: 'encoder-no-images' });
    const image = images[0] ?? bytesImage(new Uint8Array(), 'none');
    const shown = { messages: [{ role: 'user' as const, content: [{ type: 'image' as const, image }] }] };
    await expect(language.generate(shown)).rejects.toMatchObject({ code: 'images-unsupported' });
    expect(dual.identity).toMatchObject({
      kind: 'engine',
      model: 'dual-encoder',
      dtype: 'fp32',
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      torch: expect.stringMatching(/^2\./),
      transformers: expect.any(String),
    });
  });

  it('embeds like the exported model, texts and pictures, each call for itself', async () => {
    const out = join(folders['dual-encoder'], 'onnx');
    await using client = await startEngine({ variables: testEnvironment });
    await client.request({ op: 'export', model: folders['dual-encoder'], out });
    const clip = await createClip(folders['dual-encoder']);
    const dual = await model('dual-encoder');
    const [expected, found] = await Promise.all([clip.embed({ texts, images }), dual.embed?.({ texts, images })]);
    await clip.close?.();
    expect(largestDifference(found?.vectors.flat() ?? [], expected.vectors.flat())).toBeLessThan(1e-4);
    expect(largestDifference(found?.imageVectors?.flat() ?? [], expected.imageVectors?.flat() ?? [])).toBeLessThan(
      1e-4,
    );
    expect(found?.scale).toBeCloseTo(expected.scale ?? 0, 3);
    expect(found?.usage.inputTokens).toBe(expected.usage.inputTokens);
  });

  it('lets a broken picture fail its own call alone, and leaves no files', async () => {
    const dual = await createEngineModel(folders['dual-encoder'], { env: testEnvironment });
    const broken = bytesImage(Buffer.from('\x89PNG\r\n\x1a\n and nothing more'), 'broken.png');
    const cut = bytesImage((pictures()[4]?.bytes ?? new Uint8Array()).slice(0, 300), 'cut.png');
    const before = await ownFolders();
    const asked = [images[0], broken, images[1], cut, images[2]].filter((image) => image !== undefined);
    const ends = await Promise.allSettled(asked.map((image) => dual.embed?.({ texts: [], images: [image] })));
    expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'rejected', 'fulfilled']);
    expect(ends[3]).toMatchObject({ reason: { name: 'FettleError' } });
    const made = (await ownFolders()).filter((name) => !before.includes(name));
    await dual.close?.();
    for (const name of made) expect(await readdir(join(tmpdir(), name)).catch(() => 'gone')).toBe('gone');
  });

  it('reads pictures with texts, those of other calls beside them', async () => {
    const seeing = await model('vision-language');
    const show = (place: number) => ({
      messages: [
        {
          role: 'user' as const,
          content: [
            { type: 'image' as const, image: images[place] ?? bytesImage(new Uint8Array(), 'none') },
            { type: 'text' as const, text: 'what is this?' },
          ],
        },
      ],
      maxTokens: 6,
    });
    const together = await Promise.all([0, 1, 2].map((place) => seeing.generate(show(place))));
    const alone = await seeing.generate(show(1));
    expect(together[1]).toEqual(alone);
    expect(alone.usage.inputTokens).toBeGreaterThan(4);
    const broken = bytesImage(Buffer.from('\x89PNG\r\n\x1a\n'), 'broken.png');
    const [failed, fine] = await Promise.allSettled([
      seeing.generate({
        messages: [{ role: 'user', content: [{ type: 'image', image: broken }] }],
      }),
      seeing.generate(show(0)),
    ]);
    expect(failed.status).toBe('rejected');
    expect(fine.status).toBe('fulfilled');
  });

  it('samples by seed, whatever runs beside it, and stops at stop strings', async () => {
    const language = await model('language');
    const request = { ...ask('a picture of'), maxTokens: 12, temperature: 1.5, topP: 0.95, topK: 50 };
    const many = await Promise.all(
      Array.from({ length: 9 }, (_, seed) => language.generate({ ...request, seed: seed % 3 })),
    );
    const said = many.map(({ text }) => text);
    expect(said.slice(3, 6)).toEqual(said.slice(0, 3));
    expect(said.slice(6)).toEqual(said.slice(0, 3));
    expect(new Set(said.slice(0, 3)).size).toBeGreaterThan(1);
    const whole = await language.generate({ ...ask('a picture of'), maxTokens: 12 });
    const middle = whole.text.slice(4, 6);
    const stopped = await language.generate({ ...ask('a picture of'), maxTokens: 12, stop: [middle] });
    expect(stopped.text).toBe(whole.text.slice(0, whole.text.indexOf(middle)));
    expect(stopped.finishReason).toBe('stop');
    const raw = await language.generate({ ...ask('a picture of'), maxTokens: 4, raw: true });
    expect(raw.usage.inputTokens).toBeLessThan(whole.usage.inputTokens ?? 0);
  });

  it('fails alone with the words of the engine: too long a prompt, an unknown setting', async () => {
    const language = await model('language');
    const [long, fine] = await Promise.allSettled([
      language.generate(ask('word '.repeat(400))),
      language.generate({ ...ask('short'), maxTokens: 2 }),
    ]);
    expect(long).toMatchObject({ reason: { code: 'engine-context-overflow', hint: 'Shorten the prompt' } });
    expect(fine.status).toBe('fulfilled');
    await expect(language.generate({ ...ask('?'), extra: { min_p: 1 } })).rejects.toMatchObject({
      where: 'extra.min_p',
      exitCode: 2,
    });
  });

  it('drops aborted calls, and answers the next ones', async () => {
    const language = await model('long-language');
    await language.generate({ ...ask('warm'), maxTokens: 1 });
    const controller = new AbortController();
    const slow = language.generate({ ...ask('go on'), maxTokens: 100 }, { signal: controller.signal });
    setTimeout(() => controller.abort(), 100);
    await expect(slow).rejects.toMatchObject({ name: 'AbortError' });
    expect((await language.generate({ ...ask('next'), maxTokens: 1 })).usage.outputTokens).toBe(1);
  });

  it.skipIf(process.platform !== 'linux')('tells of a process that is killed at work, and starts another', async () => {
    const before = engineProcesses();
    const language = await createEngineModel(folders['long-language'], { env: testEnvironment });
    await language.generate({ ...ask('warm'), maxTokens: 1 });
    const [own, ...others] = engineProcesses().filter((pid) => !before.includes(pid));
    expect(others).toEqual([]);
    const asked = [1, 2].map((n) => language.generate({ ...ask(`go on ${n}`), maxTokens: 4000 }));
    setTimeout(() => process.kill(own ?? 0, 'SIGKILL'), 500);
    for (const end of await Promise.allSettled(asked)) {
      expect(end).toMatchObject({
        reason: { code: 'engine-died', message: expect.stringContaining('SIGKILL during "generate"') },
      });
    }
    expect((await language.generate({ ...ask('again'), maxTokens: 1 })).usage.outputTokens).toBe(1);
    await language.close?.();
    expect(engineProcesses().filter((pid) => !before.includes(pid))).toEqual([]);
    await expect(language.generate(ask('?'))).rejects.toMatchObject({ code: 'model-closed' });
  });

  it('refuses pickles, folders that are none, and machines without the engine', async () => {
    const copy = join(root, 'pickle');
    await makeCheckpoints(engineEnvironment().python, copy, ['language']);
    const folder = join(copy, 'language');
    await rename(join(folder, 'model.safetensors'), join(folder, 'pytorch_model.bin'));
    const before = engineProcesses().length;
    await expect(createEngineModel(folder, { env: testEnvironment })).rejects.toMatchObject({
      code: 'engine-bad-checkpoint',
      message: expect.stringContaining('pickles (pytorch_model.bin)'),
    });
    expect(engineProcesses()).toHaveLength(before);
    await expect(resolveModel('engine:owner/name')).rejects.toMatchObject({
      code: 'model-missing',
      hint: expect.stringContaining('engine:hub/owner/name'),
    });
    const env = { ...testEnvironment, FETTLE_ENGINE_HOME: root, FETTLE_ENGINE_PYTHON: '' };
    await expect(resolveModel(`engine:${folder}`, { env })).rejects.toMatchObject({
      code: 'engine-missing',
      hint: expect.stringContaining('fettle engine setup'),
    });
  });
});

async function ownFolders(): Promise<string[]> {
  return (await readdir(tmpdir())).filter((name) => name.startsWith('fettle-engine-') && !name.includes('models'));
}

function largestDifference(first: readonly number[], second: readonly number[]): number {
  expect(first.length).toBe(second.length);
  expect(first.length).toBeGreaterThan(0);
  return Math.max(...first.map((value, i) => Math.abs(value - (second[i] ?? Infinity))));
}
