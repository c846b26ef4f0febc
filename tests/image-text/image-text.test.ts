// The image-text benchmarks end to end with the toy encoder, and the bulk evaluation beside them.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type CallRecord,
  classTexts,
  type EmbedRequest,
  type Model,
  type OpenedBenchmark,
  runTasks,
  type SampleResult,
  textGallery,
} from '../../src/core/index.ts';
import { MemoryStore } from '../../src/core/__fixtures__/memory-store.ts';
import { evaluateDualEncoder, loadBenchmark } from '../../src/benchmarks/index.ts';
import { openImageSet } from '../../src/data/index.ts';
import { createMethod } from '../../src/methods/index.ts';
import { createTestModel } from '../../src/models/test-model.ts';

type Colour = readonly [number, number, number];
const shades: Readonly<Record<string, readonly Colour[]>> = {
  // The last of each is nearer to another colour, so that not all answers are right.
  red: [
    [250, 10, 10],
    [230, 0, 20],
    [255, 120, 0],
  ],
  orange: [
    [255, 140, 10],
    [240, 130, 0],
    [250, 10, 0],
  ],
  blue: [
    [0, 10, 250],
    [20, 0, 230],
    [0, 240, 250],
  ],
  cyan: [
    [10, 250, 250],
    [0, 230, 240],
    [10, 10, 240],
  ],
};
const labels = {
  fine_names: ['red', 'orange', 'blue', 'cyan'],
  fine_to_coarse: { red: 'warm', orange: 'warm', blue: 'cold', cyan: 'cold' },
};

let root: string;
let classFolder: string;
let captionFolder: string;

async function picture(path: string, [r, g, b]: Colour): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await sharp({ create: { width: 4, height: 4, channels: 3, background: { r, g, b } } })
    .png()
    .toFile(path);
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'fettle-image-text-'));
  classFolder = join(root, 'classes');
  captionFolder = join(root, 'captions');
  const rows: string[] = [];
  for (const [name, list] of Object.entries(shades)) {
    for (const [i, colour] of list.entries()) {
      await picture(join(classFolder, 'test', name, `${i}.png`), colour);
      await picture(join(captionFolder, 'images', `${name}${i}.png`), colour);
      // "A wall ." is a caption of all pictures.
      const captions = [`a ${name} wall number ${i}`, `something ${name}`, 'A wall .'];
      rows.push(JSON.stringify({ image: `images/${name}${i}.png`, captions, split: 'test' }));
    }
    await picture(join(classFolder, 'train', name, '0.png'), list[0] as Colour);
  }
  await writeFile(join(classFolder, 'labels.json'), JSON.stringify(labels));
  await writeFile(join(captionFolder, 'rows.jsonl'), rows.join('\n'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

function watched(): Model & { readonly asked: EmbedRequest[] } {
  const model = createTestModel('clip');
  const asked: EmbedRequest[] = [];
  return {
    ...model,
    asked,
    async embed(request, options) {
      asked.push(request);
      return (model.embed as NonNullable<Model['embed']>)(request, options);
    },
  };
}

async function carry(opened: OpenedBenchmark, model: Model, store = new MemoryStore(), resumed = false) {
  const outcome = await runTasks({
    runId: 'r',
    store,
    tasks: opened.tasks,
    models: { main: model },
    method: createMethod('direct'),
    concurrency: 4,
    resumed,
  });
  expect(outcome).toMatchObject({ state: 'completed', failed: 0 });
  const results: SampleResult[] = [];
  for await (const result of store.results('r')) results.push(result);
  const calls: CallRecord[] = [];
  for await (const call of store.calls('r')) calls.push(call);
  return { results, calls, store };
}

const hits = (results: readonly SampleResult[], scorer: string): number =>
  results.filter((result) => result.scores[scorer]?.value === 1).length;

async function bulkEncoder(set: Awaited<ReturnType<typeof openImageSet>>) {
  const { embed } = createTestModel('clip');
  const rows = (vectors: readonly (readonly number[])[]): Float32Array => Float32Array.from(vectors.flat());
  if (embed === undefined) throw new Error('test:clip embeds');
  return {
    embedTexts: async (texts: readonly string[]) => rows((await embed({ texts })).vectors),
    embedImages: async (places: readonly number[]) => {
      const images = places.flatMap((place) => set.items[place]?.image ?? []);
      return rows((await embed({ texts: [], images })).imageVectors ?? []);
    },
  };
}

describe('zero-shot classification', () => {
  const open = async (options: Record<string, string> = {}): Promise<OpenedBenchmark> =>
    (await loadBenchmark('cifar-100')).open({
      data: classFolder,
      mode: 'strict',
      options: { forget: 'classes=red', ...options },
    });

  it('classifies, embeds the class texts once and journals no vectors', async () => {
    const model = watched();
    const { results, calls } = await carry(await open(), model);
    expect(results).toHaveLength(12);
    expect(hits(results, 'exact')).toBe(8);
    expect(results.map(({ labels: { set, relation } }) => [set, relation])).toContainEqual(['retain', 'near']);
    expect(model.asked.filter(({ texts }) => texts.length > 0)).toHaveLength(1);
    expect(calls).toHaveLength(12);
    for (const call of calls) {
      expect(call.kind).toBe('compare');
      expect(call.request).not.toContain('photo');
      expect(call.request.length + call.response.length).toBeLessThan(1500);
    }
    const [first] = results;
    expect(first?.answer?.metadata).toMatchObject({ top: { length: 4 }, scale: 100 });
  });

  it('replays from the journal without the model', async () => {
    const store = new MemoryStore();
    const { results, calls } = await carry(await open(), watched(), store);
    const again = new MemoryStore();
    for (const call of calls) await again.appendCall('r', call);
    const broken: Model = { ...createTestModel('clip'), embed: () => Promise.reject(new Error('was asked')) };
    const replayed = await carry(await open(), broken, again, true);
    expect(replayed.results.map(({ answer }) => answer)).toEqual(results.map(({ answer }) => answer));
  });

  it('gives the figures of the bulk evaluation', async () => {
    const { results } = await carry(await open({ templates: 'a photo of a {}.|{}' }), watched());
    await using set = await openImageSet(classFolder, { only: ['test'] });
    const place = (keep: (name: string) => boolean): number[] =>
      set.items.flatMap((item, row) => (keep(item.class ?? '') ? [row] : []));
    const texts = (templates: string[]) => classTexts(set.classes ?? [], { templates });
    const sets = { forget: place((name) => name === 'red'), retain: place((name) => name !== 'red') };
    const evaluation = {
      items: set.items,
      sets: { ...sets, members: sets.retain },
      encoder: await bulkEncoder(set),
      classes: texts(['a photo of a {}.', '{}']),
      prompts: { bare: texts(['{}']) },
      superclasses: set.superclasses,
    };
    const outcome = await evaluateDualEncoder(evaluation);
    const { zeroShot, matchedCosine, membershipAuc, retrieval } = outcome.measures;
    const correct = (label: string, value: string): number =>
      hits(
        results.filter((result) => result.labels[label] === value),
        'exact',
      );
    expect(zeroShot?.forget).toEqual({ correct: correct('set', 'forget'), n: 3 });
    expect(zeroShot?.retain).toEqual({ correct: correct('set', 'retain'), n: 9 });
    expect(zeroShot?.near).toEqual({ correct: correct('relation', 'near'), n: 3 });
    expect(zeroShot?.far).toEqual({ correct: correct('relation', 'far'), n: 6 });
    for (const name of set.classes ?? []) expect(zeroShot?.perClass[name]?.correct).toBe(correct('class', name));
    expect(zeroShot?.prompts['bare']?.forget.n).toBe(3);
    expect(retrieval).toBeUndefined();
    expect(membershipAuc).toBeGreaterThanOrEqual(0);
    // Where the prediction is right, the task's best similarity is the matched cosine, to the last bit.
    const byId = new Map(results.map((result) => [result.sampleId, result]));
    for (const [i, row] of sets.retain.entries()) {
      const result = byId.get(set.items[row]?.id ?? '');
      if (result?.scores['exact']?.value !== 1) continue;
      expect(result.answer?.metadata).toMatchObject({ top: [{ similarity: outcome.cosines.retain[i] }, {}, {}, {}] });
    }
    expect(matchedCosine.forget).toBeGreaterThan(0);
    const { toRetrained } = (await evaluateDualEncoder({ ...evaluation, retrained: outcome })).measures;
    expect(toRetrained).toEqual({ ksForget: 0, ksRetain: 0, agreementForget: 1, agreementRetain: 1 });
  });

  it('answers ties with the earlier class', async () => {
    const { results } = await carry(await open({ templates: 'the same {} text', synonyms: '' }), watched());
    expect(results).toHaveLength(12);
    const model: Model = {
      ...createTestModel('clip'),
      embed: async ({ texts, images = [] }) => ({
        vectors: texts.map(() => [1, 0]),
        imageVectors: images.map(() => [1, 1]),
        usage: {},
      }),
    };
    const tied = await carry(await open(), model);
    expect(new Set(tied.results.map(({ answer }) => answer?.text))).toEqual(new Set(['red']));
  });

  it('finds pictures that are in both splits', async () => {
    const { check } = await loadBenchmark('cifar-100');
    const faults = [];
    for await (const fault of check?.(classFolder) ?? []) faults.push(fault);
    expect(faults).toHaveLength(4);
    expect(faults[0]?.message).toMatch(/same picture as test\/.*, in another split$/);
  });

  it('says what cannot be meant', async () => {
    await expect(open({ forget: 'classes=green' })).rejects.toThrow(/matches the forget rule/);
    await expect(open({ forget: 'apple' })).rejects.toThrow(/no forget rule/);
    await expect(open({ split: 'validation' })).rejects.toThrow(/split validation/);
    await expect(open({ templat: 'x' })).rejects.toThrow(/no option "templat"/);
    const opened = await open({ templates: 'no place' });
    const store = new MemoryStore();
    const [task] = opened.tasks;
    const outcome = await runTasks({
      runId: 'r',
      store,
      tasks: task === undefined ? [] : [task],
      models: { main: createTestModel('clip') },
      method: createMethod('direct'),
      concurrency: 1,
    });
    expect(outcome.failed).toBe(12);
  });
});

describe('retrieval', () => {
  it('runs both directions and gives the figures of the bulk evaluation', async () => {
    const benchmark = await loadBenchmark('image-captions');
    const opened = await benchmark.open({
      data: join(captionFolder, 'rows.jsonl'),
      mode: 'strict',
      options: { forget: 'words=red' },
    });
    expect(opened.tasks.map(({ name }) => name)).toEqual(['image-to-text', 'text-to-image']);
    const model = watched();
    const { results } = await carry(opened, model);
    expect(results).toHaveLength(12 + 36);
    // One request for each gallery, one for each query.
    expect(model.asked).toHaveLength(2 + 12 + 36);
    await using set = await openImageSet(captionFolder);
    const red = set.items.map((item) => item.captions?.[1] === 'something red');
    const rows = (wanted: boolean): number[] => red.flatMap((is, row) => (is === wanted ? [row] : []));
    const { measures } = await evaluateDualEncoder({
      items: set.items,
      sets: { forget: rows(true), retain: rows(false) },
      encoder: await bulkEncoder(set),
    });
    for (const [task, direction] of [
      ['image-to-text', 'imageToText'],
      ['text-to-image', 'textToImage'],
    ] as const) {
      for (const part of ['forget', 'retain'] as const) {
        const own = results.filter((result) => result.task === task && result.labels['set'] === part);
        const figures = measures.retrieval?.[direction][part];
        expect(figures?.n).toBe(own.length);
        for (const k of ['1', '5', '10'] as const) {
          expect(figures?.recall[k], `${task} ${part} recall@${k}`).toBe(hits(own, `recall@${k}`) / own.length);
        }
      }
    }
    const recall = measures.retrieval?.imageToText.retain.recall;
    expect(recall?.['1']).toBeLessThan(1);
    expect(recall?.['10']).toBeGreaterThan(recall?.['1'] ?? 1);
  });

  it('tells encoders of texts alone apart', async () => {
    const opened = await (await loadBenchmark('cifar-100')).open({ data: classFolder, mode: 'strict', options: {} });
    const store = new MemoryStore();
    const outcome = await runTasks({
      runId: 'r',
      store,
      tasks: opened.tasks,
      models: { main: createTestModel('ngram') },
      method: createMethod('direct'),
      concurrency: 1,
    });
    expect(outcome.failed).toBe(12);
    for await (const result of store.results('r')) expect(result.error?.code).toBe('encoder-no-images');
  });

  it('refuses empty galleries', () => {
    expect(() => textGallery([])).toThrow(RangeError);
    expect(() => textGallery([['a'], []])).toThrow(RangeError);
  });
});
