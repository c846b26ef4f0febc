import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bytesImage } from '../../src/data/index.ts';
import { resolveModel, tiledModel } from '../../src/models/index.ts';
import { allocateTiles, type Allocator, type ImageSize, tileCaption, type TilePlan } from '../../src/tiling/index.ts';
import { fettle, fettleJson, temporaryFolder } from '../support/cli.ts';
import { type ArrivedRequest, imagesOf, startImageEndpoint, textOf } from './image-endpoint.ts';
import { redOf, writePicture } from './pictures.ts';

/** A file of one row with pictures of these sizes beside it. */
async function rowsWith(sizes: readonly ImageSize[]): Promise<string> {
  const folder = temporaryFolder();
  const images: string[] = [];
  for (const [i, { width, height }] of sizes.entries()) images.push(await writePicture(folder, i, width, height));
  const file = join(folder, 'rows.jsonl');
  writeFileSync(file, `${JSON.stringify({ id: 'one', input: 'Which picture?', target: 'yes', images })}\n`);
  return file;
}

/** Sides of charts and pages, of each shape. */
function sizesOf(count: number): ImageSize[] {
  return Array.from({ length: count }, (_, i) => ({ width: 300 + ((i * 97) % 700), height: 260 + ((i * 61) % 800) }));
}

/** Every image arrived, in the order of the plan, at its sizes, and each shows the cutting that its caption names. */
function expectPlanned(request: ArrivedRequest | undefined, plan: TilePlan, tile = 364): void {
  expect(request).toBeDefined();
  if (request === undefined) return;
  const arrived = imagesOf(request);
  expect(arrived).toHaveLength(plan.visualInputs);
  expect(arrived.every(({ width, height }) => width === tile && height === tile)).toBe(true);
  const captions = plan.images.flatMap((image, index) => {
    const places = image.boxes.map(({ row, column }) => ({ image: index, row, column }));
    return [{ image: index }, ...places].map((place) => tileCaption(place, image));
  });
  expect(request.parts.slice(0, 2 * plan.visualInputs).map(({ type }) => type)).toEqual(
    captions.flatMap(() => ['text', 'image']),
  );
  expect(textOf(request).split('\n')).toEqual([...captions, 'Which picture?']);
  let next = 0;
  for (const [index, image] of plan.images.entries()) {
    const thumbnail = arrived[next++];
    expect(Math.abs((thumbnail?.mean[0] ?? 0) - redOf(index))).toBeLessThan(1.5);
    for (const { row, column } of image.boxes) {
      const mean = arrived[next++]?.mean ?? [0, 0, 0];
      // Black margins pull all colours down alike: their share is what red lost.
      const lit = mean[0] / redOf(index);
      const greenOf = (255 * (column + 0.5)) / image.columns;
      const blueOf = (255 * (row + 0.5)) / image.rows;
      expect(lit).toBeLessThan(1.15);
      if (lit < 0.97) continue;
      expect(Math.abs(mean[1] - greenOf)).toBeLessThan(255 / image.columns / 2);
      expect(Math.abs(mean[2] - blueOf)).toBeLessThan(255 / image.rows / 2);
    }
  }
}

async function run(origin: string, file: string, ...words: string[]) {
  const home = temporaryFolder();
  const spec = ['--model', `${origin}/v1#m`, '--image-field', 'images', '--scorer', 'exact', '--home', home];
  return { home, end: await fettleJson(['run', file, ...spec, ...words]) };
}

describe('an OpenAI-compatible endpoint gets every image, in order, at the planned sizes', () => {
  const cases: [string, string[], { budget: number; allocator?: Allocator }][] = [
    ['--tiles 50', ['--tiles', '50'], { budget: 50 }],
    ['--method leopard', ['--method', 'leopard'], { budget: 50 }],
    [
      'the released allocation',
      ['--tiles', '20', '--tile-side', '364', '--allocator', 'leopard'],
      { budget: 20, allocator: 'leopard' },
    ],
  ];
  it.each(cases)('%s', async (_, words, options) => {
    const { origin, seen } = await startImageEndpoint();
    const sizes = [
      { width: 1240, height: 700 },
      { width: 400, height: 1100 },
      { width: 364, height: 300 },
    ];
    const { end } = await run(origin, await rowsWith(sizes), ...words);
    expect(end.code, end.stderr).toBe(0);
    expect(seen).toHaveLength(1);
    const plan = allocateTiles(sizes, options);
    expect(plan.budget.used).toBeGreaterThan(3);
    expectPlanned(seen[0], plan);
  });

  it.each([
    ['--tiles 50', 50, ['--tiles', '50']],
    ['--tiles 130', 130, ['--tiles', '130']],
    ['--method leopard', 50, ['--method', 'leopard']],
  ])('49 images in one sample, %s', async (_, budget, words) => {
    const { origin, seen } = await startImageEndpoint();
    const sizes = sizesOf(49);
    const { end } = await run(origin, await rowsWith(sizes), ...words);
    expect(end.code, end.stderr).toBe(0);
    expectPlanned(seen[0], allocateTiles(sizes, { budget }));
  });

  it('shows the plan of a sample, and replays it without a further call', async () => {
    const { origin, seen } = await startImageEndpoint();
    const { home } = await run(origin, await rowsWith([{ width: 728, height: 364 }]), '--method', 'leopard:budget=4');
    const shown = await fettle(['show', 'last', 'one', '--home', home]);
    expect(shown.stdout).toContain('step tiles');
    expect(shown.stdout).toContain('picture-0.png  728 x 364');
    expect(shown.stdout).toContain('visual inputs of 4');
    expect((await fettle(['resume', 'last', '--home', home])).code).toBe(0);
    expect(seen).toHaveLength(1);
  });

  it('keeps --tiles with the run: what is left goes out as tiles when it is resumed', async () => {
    const { origin, seen } = await startImageEndpoint();
    const file = await rowsWith([{ width: 728, height: 364 }]);
    const row = { input: 'Which picture?', target: 'yes', images: ['picture-0.png'] };
    const two = [
      { ...row, id: 'one' },
      { ...row, id: 'two', input: 'Which picture, again?' },
    ];
    writeFileSync(file, two.map((one) => `${JSON.stringify(one)}\n`).join(''));
    const words = ['--tiles', '4', '--allocator', 'leopard', '--concurrency', '1', '--budget', 'calls=1'];
    const { home } = await run(origin, file, ...words);
    expect(seen).toHaveLength(1);
    const resumed = await fettle(['resume', 'last', '--home', home, '--budget', 'calls=9']);
    expect(resumed.code, resumed.stderr).toBe(0);
    expect(seen.map((request) => imagesOf(request).length)).toEqual([3, 3]);
    expect(resumed.stdout).toContain('images as tiles (4 inputs, leopard, 364 pixels)');
  });

  it('leaves requests without images alone', async () => {
    const { origin, seen } = await startImageEndpoint();
    const file = join(temporaryFolder(), 'rows.jsonl');
    writeFileSync(file, `${JSON.stringify({ id: 'one', input: 'Hi', target: 'yes' })}\n`);
    const home = temporaryFolder();
    await fettleJson(['run', file, '--model', `${origin}/v1#m`, '--tiles', '50', '--home', home]);
    expect(seen[0]?.parts).toEqual([{ type: 'text', text: 'Hi' }]);
  });

  it.each([
    [['--tile-side', '300'], 'without a number of tiles'],
    [['--tiles', '9', '--allocator', 'best'], 'no allocator "best"'],
    [['--tiles', '9', '--method', 'leopard:budget=3'], 'tiled twice'],
    [['--tiles', '0'], 'whole number'],
  ])('refuses %j', async (words, message) => {
    const end = await fettle(['run', 'rows.jsonl', '--model', 'test:echo', ...words]);
    expect(end.code).toBe(2);
    expect(end.stderr).toContain(message);
  });
});

describe('through the AI SDK', () => {
  it.each([
    ['anthropic:claude-x', 'anthropic', '/v1', { ANTHROPIC_API_KEY: 'key' }],
    ['google:gemini-x', 'google', '/v1beta', { GOOGLE_GENERATIVE_AI_API_KEY: 'key' }],
  ])('%s gets the same images', async (spec, provider, path, env) => {
    const { origin, seen } = await startImageEndpoint();
    const config = { endpoints: { [provider]: { baseUrl: `${origin}${path}` } } };
    const sizes = sizesOf(7);
    const folder = temporaryFolder();
    const names: string[] = [];
    for (const [i, { width, height }] of sizes.entries()) names.push(await writePicture(folder, i, width, height));
    const { readFile } = await import('node:fs/promises');
    const model = tiledModel(await resolveModel(spec, { config, env }), { budget: 30 });
    const images = await Promise.all(names.map(async (name) => bytesImage(await readFile(join(folder, name)), name)));
    const content = [
      ...images.map((image) => ({ type: 'image' as const, image })),
      { type: 'text' as const, text: 'Which picture?' },
    ];
    const { text } = await model.generate({ messages: [{ role: 'user', content }], maxTokens: 9 });
    await model.close?.();
    expect(text).toBe('yes');
    expectPlanned(seen[0], allocateTiles(sizes, { budget: 30 }));
  });
});
