import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { fettle, fettleJson, temporaryFolder } from '../support/cli.ts';
import { writePicture } from './pictures.ts';

interface PlanJson {
  readonly images: readonly {
    readonly tiles: number;
    readonly rows: number;
    readonly columns: number;
    readonly visualInputs: number;
  }[];
  readonly visualInputs: number;
  readonly tokens: number;
  readonly families: Readonly<Record<string, { before: number | null; after: number | null }>>;
  readonly files?: readonly string[];
}

interface GoldenCase {
  readonly tag: string;
  readonly sizes_wh: readonly (readonly [number, number])[];
  readonly total_budget: number;
  readonly patch_side: number;
  readonly expected: {
    readonly mode: string;
    readonly images?: readonly { readonly tiles: number; readonly rows?: number; readonly cols?: number }[];
    readonly vit_inputs?: number;
    readonly visual_tokens?: number;
  };
}

const golden = fileURLToPath(new URL('../../../shared/data/leopard/golden/golden-allocation.json', import.meta.url));

function sizesFile(value: unknown): string {
  const file = join(temporaryFolder(), 'sizes.json');
  writeFileSync(file, typeof value === 'string' ? value : JSON.stringify(value));
  return file;
}

describe('fettle tile --sizes', () => {
  it('prints one plan a list, each with the budget for itself', async () => {
    const file = sizesFile([
      [[728, 364]],
      [],
      [
        [1240, 1754],
        [10, 10],
      ],
    ]);
    const { code, json } = await fettleJson<PlanJson[]>(['tile', '--sizes', file, '--allocator', 'leopard']);
    expect(code).toBe(0);
    expect(json).toMatchObject([
      { images: [{ tiles: 2, rows: 1, columns: 2 }], visualInputs: 3, tokens: 507 },
      { images: [], visualInputs: 0, tokens: 0 },
      {
        images: [
          { tiles: 15, rows: 5, columns: 3, visualInputs: 16 },
          { tiles: 0, rows: 0, columns: 0, visualInputs: 1 },
        ],
        visualInputs: 17,
        tokens: 17 * 169,
      },
    ]);
    expect(json[0]?.families['leopard']).toEqual({ before: 169, after: 507 });
    const text = await fettle(['tile', '--sizes', file, '--budget', '9']);
    expect(text.stdout).toContain('list 3');
    expect(text.stdout).toContain('visual inputs of 9 (water-fill, tiles of 364 pixels)');
  });

  it.runIf(existsSync(golden))(
    'gives every reference allocation of the released rule',
    { timeout: 300_000 },
    async () => {
      const { pipeline_cases: cases } = JSON.parse(readFileSync(golden, 'utf8')) as { pipeline_cases: GoldenCase[] };
      const groups = Map.groupBy(cases, ({ total_budget, patch_side }) => `${total_budget} ${patch_side}`);
      let compared = 0;
      for (const [key, group] of groups) {
        const [budget = '', tile = ''] = key.split(' ');
        const file = sizesFile(group.map(({ sizes_wh }) => sizes_wh));
        const options = ['--budget', budget, '--tile', tile, '--allocator', 'leopard'];
        const { json } = await fettleJson<PlanJson[]>(['tile', '--sizes', file, ...options]);
        for (const [i, { tag, expected, sizes_wh }] of group.entries()) {
          const plan = json[i];
          const bare = sizes_wh.map(() => ({ tiles: 0, rows: 0, columns: 0 }));
          const images = expected.images?.map(({ tiles, rows = 0, cols = 0 }) => ({ tiles, rows, columns: cols }));
          const inputs = expected.vit_inputs ?? sizes_wh.length;
          const tokens = expected.visual_tokens ?? inputs * 169;
          expect(plan, tag).toMatchObject({ images: images ?? bare, visualInputs: inputs, tokens });
          compared += 1;
        }
      }
      expect(compared).toBe(cases.length);
      expect(compared).toBeGreaterThan(800);
    },
  );

  it.each([
    ['[1', 'it is no JSON', ''],
    [{ a: 1 }, 'it holds an object and no list', ''],
    [[[[1, 1]], 5], 'it is a number and no list', 'list 2'],
    [[[[1, 1], 'x']], 'it is a string and no pair', 'list 1, entry 2'],
    [
      [
        [
          [1, 1],
          [1, 2, 3],
        ],
      ],
      'it has 3 numbers and not two',
      'list 1, entry 2',
    ],
    [[[], [[0, 5]]], 'its width is 0, and no whole number', 'list 2, entry 1'],
    [[[[5, 1.5]]], 'its height is 1.5', 'list 1, entry 1'],
    [[[[5, null]]], 'its height is null', 'list 1, entry 1'],
    [[[[1e12, 1]]], 'its width is 1000000000000', 'list 1, entry 1'],
  ])('refuses %j with list and entry', async (value, message, where) => {
    const end = await fettle(['tile', '--sizes', sizesFile(value)]);
    expect(end.code).toBe(2);
    expect(end.stderr).toContain(message);
    expect(end.stderr).toContain(where);
  });

  it.each([
    [['--sizes', '/nowhere/sizes.json'], 'cannot be read'],
    [[], 'no images to tile'],
    [['a.png', '--sizes', 'b.json'], 'planned only'],
    [['a.png', '--tiles', '3', '--budget', '4'], 'different numbers'],
    [['a.png', '--allocator', 'best'], 'no allocator "best"'],
  ])('refuses %j', async (words, message) => {
    const end = await fettle(['tile', ...words]);
    expect(end.code).toBe(2);
    expect(end.stderr).toContain(message);
  });
});

describe('fettle tile IMAGE…', () => {
  it('writes tiles under names of its own, and the grids over the images', async () => {
    const folder = temporaryFolder();
    const out = join(folder, 'deep', 'tiles');
    const overlay = join(folder, 'grids.png');
    const files = [await writePicture(folder, 0, 728, 364), await writePicture(folder, 1, 300, 1100)];
    const paths = files.map((name) => join(folder, name));
    const options = ['--out', out, '--overlay', overlay, '--tiles', '7', '--allocator', 'leopard'];
    const { code, stderr, json } = await fettleJson<PlanJson>(['tile', ...paths, ...options]);
    expect(code, stderr).toBe(0);
    expect(readdirSync(out).sort()).toEqual([
      'image-01-r1-c1.png',
      'image-01-r1-c2.png',
      'image-01-thumbnail.png',
      'image-02-r1-c1.png',
      'image-02-r2-c1.png',
      'image-02-r3-c1.png',
      'image-02-thumbnail.png',
    ]);
    expect(json.files?.map((file) => file.slice(out.length + 1))).toEqual([
      'image-01-thumbnail.png',
      'image-01-r1-c1.png',
      'image-01-r1-c2.png',
      'image-02-thumbnail.png',
      'image-02-r1-c1.png',
      'image-02-r2-c1.png',
      'image-02-r3-c1.png',
    ]);
    for (const name of readdirSync(out)) {
      expect(await sharp(join(out, name)).metadata()).toMatchObject({ format: 'png', width: 364, height: 364 });
    }
    // Green grows over the whole picture: the left tile has its lower half, the right one its upper.
    const [left, right] = await Promise.all(
      ['image-01-r1-c1.png', 'image-01-r1-c2.png'].map(async (name) => (await sharp(join(out, name)).stats()).channels),
    );
    expect(left?.[1]?.mean).toBeCloseTo(64, -1);
    expect(right?.[1]?.mean).toBeCloseTo(191, -1);
    const drawn = await sharp(overlay).metadata();
    expect(drawn).toMatchObject({ format: 'png' });
    expect(json).toMatchObject({ visualInputs: 7, tokens: 7 * 169 });
  });

  it('plans alone where nothing is to be written, and shows tokens before and after', async () => {
    const folder = temporaryFolder();
    const name = await writePicture(folder, 0, 1000, 1000);
    const end = await fettle(['tile', join(folder, name)]);
    expect(end.code, end.stderr).toBe(0);
    expect(end.stdout).toContain('as they are  as tiles');
    expect(end.stdout).toMatch(/openai-tiles +765/);
    expect(readdirSync(folder)).toEqual([name]);
  });

  it('names the image that cannot be read, and writes nothing', async () => {
    const folder = temporaryFolder();
    const good = join(folder, await writePicture(folder, 0, 400, 400));
    const bad = join(folder, 'evil\u001b[31m.png');
    writeFileSync(bad, 'no image');
    const end = await fettle(['tile', good, bad, '--out', join(folder, 'out')]);
    expect(end.code).toBe(1);
    expect(end.stderr).toContain('evil');
    expect(end.stderr).not.toContain('\u001b[31m');
    expect(existsSync(join(folder, 'out'))).toBe(false);
  });

  it.each([true, false])('writes nothing where a later image is cut short, overlay %s', async (withOverlay) => {
    const folder = temporaryFolder();
    const good = join(folder, await writePicture(folder, 0, 400, 400));
    const cut = join(folder, await writePicture(folder, 1, 400, 400));
    writeFileSync(cut, readFileSync(cut).subarray(0, 2000));
    const overlay = join(folder, 'grids.png');
    const words = ['tile', good, cut, '--out', join(folder, 'deep', 'out')];
    const end = await fettle([...words, ...(withOverlay ? ['--overlay', overlay] : [])]);
    expect(end.code).toBe(1);
    expect(end.stderr).toContain(cut);
    expect(existsSync(join(folder, 'deep'))).toBe(false);
    expect(existsSync(overlay)).toBe(false);
  });

  it('leaves what else a folder holds, says that tiles of other images lie there, and keeps them in a failure', async () => {
    const folder = temporaryFolder();
    const out = join(folder, 'out');
    const [large, small] = [await writePicture(folder, 0, 728, 364), await writePicture(folder, 1, 300, 300)];
    const first = await fettle(['tile', join(folder, large), '--out', out]);
    expect(first.stderr).not.toContain('also holds');
    writeFileSync(join(out, 'notes.txt'), 'mine');
    const before = readdirSync(out).sort();
    expect(before).toContain('image-01-r1-c2.png');
    const second = await fettle(['tile', join(folder, small), '--out', out]);
    expect(second.code, second.stderr).toBe(0);
    expect(second.stderr).toContain('also holds 2 tiles that are not of these images');
    const cut = join(folder, 'cut.png');
    writeFileSync(cut, readFileSync(join(folder, large)).subarray(0, 2000));
    expect((await fettle(['tile', cut, '--out', out])).code).toBe(1);
    expect(readdirSync(out).sort()).toEqual(before);
  });
});
