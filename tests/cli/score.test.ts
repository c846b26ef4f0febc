import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fettle, fettleJson, temporaryFolder } from '../support/cli.ts';

interface Scored {
  readonly benchmark: string;
  readonly mode: string;
  readonly samples: readonly { readonly id: string; readonly value: number | null; readonly status?: string }[];
  readonly tasks: Record<string, { readonly n: number; readonly score: number | null }>;
  readonly overall: number | null;
  readonly notes: readonly string[];
}

const samples = [
  { id: 'a', input: 'One?', target: 'x' },
  { id: 'b', input: 'Two?', target: 'y' },
  { id: 'c', input: 'Three?', target: 'z' },
];

function args(replies: readonly unknown[], ending = 'jsonl'): string[] {
  const folder = temporaryFolder();
  const data = join(folder, 'mine.jsonl');
  const file = join(folder, `replies.${ending}`);
  writeFileSync(data, samples.map((row) => `${JSON.stringify(row)}\n`).join(''));
  writeFileSync(
    file,
    ending === 'jsonl' ? replies.map((row) => `${JSON.stringify(row)}\n`).join('') : String(replies[0]),
  );
  return ['score', data, '--replies', file];
}

const values = ({ samples: list }: Scored): unknown[] => list.map(({ id, value }) => [id, value]);

test('joined by id, in any order', async () => {
  const replies = [
    { id: 'c', reply: 'z' },
    { id: 'a', reply: 'x' },
    { id: 'b', reply: 'no' },
  ];
  const { json, code, stderr } = await fettleJson<Scored>(args(replies));
  expect(code, stderr).toBe(0);
  expect(values(json)).toEqual([
    ['a', 1],
    ['b', 0],
    ['c', 1],
  ]);
  expect(json).toMatchObject({ mode: 'strict', tasks: { mine: { n: 3 } } });
  expect(json).not.toHaveProperty('run');
});

test.each(['reply', 'model_output', 'output'])(
  'joined by order where no row has an id, with the field %s',
  async (field) => {
    const { json } = await fettleJson<Scored>(args([{ [field]: 'x' }, { [field]: 'y' }, { [field]: '' }]));
    expect(values(json)).toEqual([
      ['a', 1],
      ['b', 1],
      ['c', 0],
    ]);
  },
);

test('a table of replies will do', async () => {
  const { json } = await fettleJson<Scored>(args(['id,reply\nb,y\na,x\nc,"z"\n'], 'csv'));
  expect(json.overall).toBe(1);
});

test('a missing reply counts as failed and is named; with --missing skip it is left out', async () => {
  const words = args([
    { id: 'a', reply: 'x' },
    { id: 'b', reply: 'y' },
  ]);
  const counted = await fettleJson<Scored>(words);
  expect(counted.json.overall).toBeCloseTo(2 / 3, 9);
  expect(counted.json.samples[2]).toMatchObject({ id: 'c', value: 0, status: 'failed' });
  expect(counted.json.notes.join('\n')).toMatch(/1 of 3 samples have no reply and count as failed: c/);
  const skipped = await fettleJson<Scored>([...words, '--missing', 'skip']);
  expect(skipped.json.overall).toBe(1);
  expect(skipped.json.tasks['mine']?.n).toBe(2);
});

test('replies that no sample has are told of', async () => {
  const { json, code, stderr } = await fettleJson<Scored>(
    args([...samples.map(({ id, target }) => ({ id, reply: target })), { id: 'zebra', reply: '?' }]),
  );
  expect(code).toBe(0);
  expect(json.overall).toBe(1);
  expect(stderr).toMatch(/1 replies belong to no sample: zebra/);
});

test.each<[string, unknown[], RegExp]>([
  [
    'an id that stands twice',
    [
      { id: 'a', reply: 'x' },
      { id: 'b', reply: 'y' },
      { id: 'a', reply: 'z' },
    ],
    /replies\.jsonl:3[\s\S]*line 1/,
  ],
  ['ids in some rows only', [{ id: 'a', reply: 'x' }, { reply: 'y' }, { reply: 'z' }], /2 of 3 rows have no id/],
  ['too few replies without ids', [{ reply: 'x' }], /1 replies for 3 samples/],
  ['ids of something else', [{ id: 'q1', reply: 'x' }], /Ids of samples look like this: a, b, c/],
  ['a row without a reply', [{ id: 'a', answr: 'x' }], /replies\.jsonl:1[\s\S]*reply/],
  ['no rows', [], /no replies/],
])('2 for %s', async (_what, replies, message) => {
  const end = await fettle(args(replies));
  expect(end.stderr).toMatch(message);
  expect(end.stdout).toBe('');
  expect(end.code).toBe(2);
});

test('a reply file that is not JSON is named with its line', async () => {
  const words = args([]);
  writeFileSync(words[3] as string, '{"id":"a","reply":"x"}\n{"id":"b","reply":\n');
  const end = await fettle(words);
  expect(end.code).toBeGreaterThan(0);
  expect(end.stderr).toMatch(/replies\.jsonl:2/);
  expect(end.stderr).not.toMatch(/fault in Fettle/);
});

test('3 below --fail-under', async () => {
  const words = args([{ reply: 'x' }, { reply: 'no' }, { reply: 'no' }]);
  expect((await fettle([...words, '--fail-under', 'mine=0.5'])).code).toBe(3);
  expect((await fettle([...words, '--fail-under', 'mine=0.3'])).code).toBe(0);
});
