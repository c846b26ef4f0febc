// Every form of the data gives the same questions with the same charts; faults say where they are.
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadBenchmark } from '../../src/benchmarks/index.ts';
import type { ImagePart, OpenedBenchmark, Sample } from '../../src/core/index.ts';
import { testZip } from '../../src/data/archives/zip-fixture.ts';
import { temporaryFolder } from '../support/cli.ts';
import { chartBytes, filesOf, madeGroups, writeMerged, writeParquet, writeReleased } from './chart-data.ts';

const benchmark = await loadBenchmark('multichartqa');

async function open(data: string, options: Record<string, string> = {}): Promise<OpenedBenchmark> {
  return benchmark.open({ data, mode: 'strict', options });
}

async function samplesOf({ tasks }: OpenedBenchmark): Promise<Sample[]> {
  return (await Promise.all(tasks.map((task) => Array.fromAsync(task.samples())))).flat();
}

function imagesOf({ input }: Sample): ImagePart[] {
  const content = input[0]?.content ?? '';
  return typeof content === 'string' ? [] : content.filter((part) => part.type === 'image');
}

function textOf({ input }: Sample): string {
  const content = input[0]?.content ?? '';
  return typeof content === 'string'
    ? content
    : content.map((part) => (part.type === 'text' ? part.text : '#')).join('');
}

/** Everything that must not depend on the form. */
async function summaryOf(opened: OpenedBenchmark) {
  const samples = await samplesOf(opened);
  return Promise.all(
    samples.map(async (sample) => ({
      id: sample.id,
      target: sample.target,
      labels: sample.labels,
      position: sample.position,
      text: textOf(sample),
      images: await Promise.all(imagesOf(sample).map(async ({ image }) => (await image.load()).sha256)),
    })),
  );
}

describe('forms of the data', () => {
  it('gives the same from folders, one file with a tar archive, and Parquet, plain and compressed', async () => {
    const released = await writeReleased(temporaryFolder());
    const expected = await summaryOf(await open(released));
    expect(expected).toHaveLength(8);
    expect(expected.every(({ images }) => images.length >= 2)).toBe(true);
    const merged = await writeMerged(temporaryFolder());
    const zip = join(temporaryFolder(), 'multi-chart-qa.zip');
    const members = [...(await filesOf(released))].map(([name, content]) => ({
      name: `Multi-chart-QA-1/${name}`,
      content,
    }));
    await writeFile(zip, testZip(members));
    const forms = [
      zip,
      join(released, 'data'),
      merged,
      join(merged, 'multichartqa.jsonl'),
      await writeMerged(temporaryFolder(), { gzip: true }),
      await writeParquet(temporaryFolder(), 'list'),
      await writeParquet(temporaryFolder(), 'text'),
    ];
    for (const form of forms) expect(await summaryOf(await open(form)), form).toEqual(expected);
  });

  it('keeps natural order of groups in positions, the JSON order of charts, and tells the true type of an image', async () => {
    const samples = await samplesOf(await open(await writeReleased(temporaryFolder())));
    const ids = samples.toSorted((a, b) => (a.position ?? 0) - (b.position ?? 0)).map(({ id }) => id);
    expect(ids[0]).toBe('added_arxiv_9901.00001v1_question_0');
    expect(ids[4]).toBe('pew_2_orchards_question_0');
    const [arxiv, pew] = ['added_arxiv_9901.00001v1_question_0', 'pew_2_orchards_question_0'].map(
      (id) => samples.find((sample) => sample.id === id) as Sample,
    ) as [Sample, Sample];
    expect(arxiv.metadata?.['charts']).toEqual(madeGroups[1]?.files.map((file) => `added_arxiv_9901.00001v1/${file}`));
    expect(arxiv.labels).toMatchObject({
      source: 'arXiv',
      charts: '2',
      kind: 'open',
      order: 'uncertain',
      category: 'Direct',
    });
    expect(pew.labels).toMatchObject({ source: 'Pew', charts: '3', order: 'certain' });
    expect(arxiv.group).toBe('added_arxiv_9901.00001v1');
    const types = await Promise.all(imagesOf(pew).map(async ({ image }) => (await image.load()).mediaType));
    expect(types).toEqual(['image/png', 'image/jpeg', 'image/webp']);
    expect(arxiv.target).toMatchObject({ group: 'added_arxiv_9901.00001v1', q: 1, task: 'Direct_Questions/Structure' });
  });

  it('sorts charts by name on request, and says in how many groups that differs', async () => {
    const data = await writeReleased(temporaryFolder());
    const plain = await open(data);
    expect(plain.notes?.join('\n')).toMatch(/in 1 groups the charts' order differs/);
    const [first] = await samplesOf(await open(data, { order: 'reference' }));
    expect(first?.metadata?.['charts']).toEqual([
      'added_arxiv_9901.00001v1/c2.png',
      'added_arxiv_9901.00001v1/c10.png',
    ]);
  });

  it('changes its hash with a chart, and not with the place of the data', async () => {
    const folder = await writeReleased(temporaryFolder());
    const { dataHash } = await open(folder);
    expect((await open(await writeReleased(temporaryFolder()))).dataHash).toBe(dataHash);
    await writeFile(join(folder, 'data/pew_2_orchards/a.png'), await chartBytes('pew_2_orchards', 'c.png'));
    expect((await open(folder)).dataHash).not.toBe(dataHash);
  });
});

describe('prompts', () => {
  it('numbers the charts and puts each before the question', async () => {
    const samples = await samplesOf(await open(await writeReleased(temporaryFolder())));
    const pew = samples.find(({ id }) => id === 'pew_2_orchards_question_0') as Sample;
    expect(textOf(pew)).toMatch(/Chart 1:#Chart 2:#Chart 3:#\n\nQuestion: How many bars/);
    expect(textOf(pew)).toMatch(/"Solution:".*"Answer:"/);
    const [direct] = await samplesOf(await open(await writeReleased(temporaryFolder()), { prompt: 'direct' }));
    expect(textOf(direct as Sample)).not.toContain('Solution');
  });

  it('shows no chart to text-only, and the referenced chart alone where asked', async () => {
    const data = await writeReleased(temporaryFolder());
    const blind = await samplesOf(await open(data, { prompt: 'text-only' }));
    expect(blind.flatMap(imagesOf)).toEqual([]);
    const single = await samplesOf(await open(data, { chart: 'only-referenced' }));
    const direct = single.find(({ id }) => id === 'pew_2_orchards_question_0') as Sample;
    expect(imagesOf(direct).map(({ image }) => image.label)).toEqual([expect.stringContaining('b.png')]);
    expect(textOf(direct)).toContain('How many bars has the chart?');
    const others = single.filter(({ id }) => !id.endsWith('_0'));
    expect(others.map((sample) => imagesOf(sample).length).toSorted()).toEqual([2, 2, 2, 3, 3, 3]);
  });

  it('shuffles the charts of a group alike for all its questions, by seed, never into their own order', async () => {
    const data = await writeReleased(temporaryFolder());
    const orders = async (seed: string) =>
      (await samplesOf(await open(data, { shuffle: 'charts', seed })))
        .filter(({ group }) => group === 'pew_2_orchards')
        .map(({ metadata }) => JSON.stringify(metadata?.['charts']));
    const drawn = await Promise.all(Array.from({ length: 12 }, (_, seed) => orders(String(seed))));
    for (const order of drawn) expect(new Set(order).size).toBe(1);
    const own = JSON.stringify(madeGroups[0]?.files.map((file) => `pew_2_orchards/${file}`));
    expect(drawn.flat()).not.toContain(own);
    expect(new Set(drawn.flat()).size).toBeGreaterThan(2);
    expect(await orders('3')).toEqual(drawn[3]);
  });

  it('makes huge charts smaller above the limit, keeps their type, and can be told not to', async () => {
    const data = await writeReleased(temporaryFolder());
    const notes: string[] = [];
    const opened = await benchmark.open({
      data,
      mode: 'strict',
      options: { downsize: '0.1' },
      onNote: (text) => notes.push(text),
    });
    const pew = (await samplesOf(opened)).find(({ group }) => group === 'pew_2_orchards') as Sample;
    const blobs = await Promise.all(imagesOf(pew).map(({ image }) => image.load()));
    const { default: sharp } = await import('sharp');
    const sizes = await Promise.all(blobs.map(({ bytes }) => sharp(bytes).metadata()));
    for (const { width, height } of sizes) expect(width * height).toBeLessThanOrEqual(100_000);
    expect(blobs[1]?.mediaType).toBe('image/jpeg');
    expect(notes.join('\n')).toMatch(/a\.png is sent as \d+ by \d+ pixels in place of 720 by 480/);
    const whole = (await samplesOf(await open(data, { downsize: 'off' }))).find(
      ({ group }) => group === 'pew_2_orchards',
    );
    const [blob] = await Promise.all(imagesOf(whole as Sample).map(({ image }) => image.load()));
    expect(Buffer.from(blob?.bytes ?? []).equals(await chartBytes('pew_2_orchards', 'a.png'))).toBe(true);
  });
});

describe('faults', () => {
  it.each([
    [{ prompt: 'poem' }, /no value of the option prompt/],
    [{ prompt: 'cot,direct' }, /either cot or direct/],
    [{ colour: 'red' }, /no option "colour"/],
    [{ downsize: '-1' }, /no value of the option downsize/],
  ])('refuses the options %j', async (options, message) => {
    await expect(
      open(await writeMerged(temporaryFolder()), options as unknown as Record<string, string>),
    ).rejects.toThrow(message);
  });

  it('names file and line of a broken row', async () => {
    const folder = await writeMerged(temporaryFolder());
    const file = join(folder, 'multichartqa.jsonl');
    await writeFile(
      file,
      '{"id": "x", "question": "a", "answer": "b", "task": "t", "image": ["g/a.png"], "type": "open-ended"}\n{"id": \n',
    );
    await expect(open(folder)).rejects.toMatchObject({
      code: 'data-invalid',
      where: expect.stringMatching(/multichartqa\.jsonl:2/),
    });
  });

  it('names a question without task, which an intermediate state of the data has', async () => {
    const folder = temporaryFolder();
    await writeFile(join(folder, 'multichartqa.jsonl'), '{"id":"x","question":"a","answer":"b","image":["g/a.png"]}\n');
    await expect(open(folder)).rejects.toMatchObject({
      where: expect.stringMatching(/:1$/),
      hint: expect.stringMatching(/released version/),
    });
  });

  it('opens without a chart, and fails only the sample that needs it', async () => {
    const data = await writeReleased(temporaryFolder());
    await rm(join(data, 'data/pew_2_orchards/b.png'));
    const samples = await samplesOf(await open(data));
    expect(samples).toHaveLength(8);
    const pew = samples.find(({ group }) => group === 'pew_2_orchards') as Sample;
    await expect(imagesOf(pew)[1]?.image.load()).rejects.toMatchObject({
      code: 'image-missing',
      where: 'pew_2_orchards/b.png',
    });
    await expect(imagesOf(pew)[0]?.image.load()).resolves.toBeDefined();
  });

  it('leaves out groups without any chart, says so, and keeps them where replies exist or it is told to', async () => {
    const data = await writeReleased(temporaryFolder());
    for (const file of madeGroups[0]?.files ?? []) await rm(join(data, 'data/pew_2_orchards', file));
    const opened = await open(data);
    expect(await samplesOf(opened)).toHaveLength(4);
    expect(opened.notes?.join('\n')).toMatch(/1 groups \(4 of 8 questions\) have no chart here/);
    expect(await samplesOf(await open(data, { groups: 'all' }))).toHaveLength(8);
    expect(
      await samplesOf(await benchmark.open({ data, mode: 'strict', options: {}, repliesOnly: true })),
    ).toHaveLength(8);
  });

  it('says what is expected where there are no questions, and which files could be meant where there are several', async () => {
    await expect(open(temporaryFolder())).rejects.toMatchObject({ code: 'data-missing', exitCode: 2 });
    const folder = await writeMerged(temporaryFolder());
    await writeFile(join(folder, 'others.jsonl'), '{"question":"a","answer":"b","image":["g/a.png"]}\n');
    expect((await open(folder)).tasks).toHaveLength(4);
    await rm(join(folder, 'multichartqa.jsonl'));
    await writeFile(join(folder, 'more.jsonl'), '{"question":"a","answer":"b","image":["g/a.png"]}\n');
    await expect(open(folder)).rejects.toMatchObject({ hint: expect.stringMatching(/more\.jsonl, others\.jsonl/) });
  });
});
