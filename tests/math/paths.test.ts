import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { fettle, fettleJson } from '../support/cli.ts';
import {
  openEvaluation,
  readPaths,
  scorePaths,
  type ScoredPaths,
  type ScorePathsOptions,
} from '../../src/workbench/index.ts';

const released = fileURLToPath(
  new URL('../../../shared/data/stepco/model-outputs/qwen2.5-math/math-cot-100.jsonl.gz', import.meta.url),
);
const here = existsSync(released);
if (!here)
  console.warn('the released paths of Qwen2.5-Math are not at ../shared/data/stepco: their votes are not compared');

async function scored(
  name: string,
  replies: string,
  { data, mode, ...options }: { data?: string; mode?: string } & Partial<ScorePathsOptions> = {},
): Promise<ScoredPaths> {
  const target = { kind: 'benchmark', name } as const;
  const { opened } = await openEvaluation(
    { target, mode, data, tasks: undefined, options: {} },
    { repliesOnly: true, replies },
  );
  const rows = await readPaths(replies);
  return scorePaths({
    opened,
    rows,
    source: replies,
    models: {},
    vote: 'text',
    verdicts: 'own',
    missing: 'fail',
    ...options,
  });
}

const percents = ({ figures }: ScoredPaths, of: 'majority' | 'reward' | 'pass' | 'mean'): number[] =>
  figures.map((one) => Number((100 * (one[of]?.value ?? Number.NaN)).toFixed(6)));

describe.skipIf(!here)('the released paths of Qwen2.5-Math', () => {
  it('give the released votes by the verdicts of the file', async () => {
    const found = await scored('math', released, { verdicts: 'file' });
    expect(found.figures.map(({ k }) => k)).toEqual([1, 2, 4, 8]);
    expect(percents(found, 'majority')).toEqual([90, 90, 93, 93]);
    expect(percents(found, 'reward')).toEqual([90, 93, 93, 94]);
    expect(percents(found, 'pass').at(-1)).toBe(96);
    expect(percents(found, 'mean').at(-1)).toBe(91);
  });

  it.each(['strict', 'prm800k'])('agree with all but one verdict of the file in mode %s', async (mode) => {
    const found = await scored('math', released, { mode });
    expect(found.agreement).toEqual({ same: 799, of: 800 });
    expect(percents(found, 'majority')).toEqual([90, 90, 93, 93]);
    const byMeaning = await scored('math', released, { mode, vote: 'meaning' });
    expect(percents(byMeaning, 'majority').at(-1)).toBe(93);
  });
});

describe('paths', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fettle-paths-'));
  const file = (name: string, rows: readonly unknown[]): string => {
    const path = join(folder, name);
    writeFileSync(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    return path;
  };
  const data = file('gsm8k.jsonl', [
    { question: 'Two and two?', answer: '2 + 2 = <<2+2=4>>4\n#### 4' },
    { question: 'Three and four?', answer: '3 + 4 = <<3+4=7>>7\n#### 7' },
  ]);

  it('are joined by id, question or order, and counted', async () => {
    const replies = [
      { replies: ['The answer is 5.', '\\boxed{4}', '#### 4', 'The answer is 4.'], scores: [0.9, 0.2, 0.3, 0.1] },
      { replies: ['\\boxed{7}', '\\boxed{8}', 'no idea', '\\boxed{8}'], scores: [0.8, 0.4, 0.1, 0.2] },
    ];
    const rows = {
      id: replies.map((row, i) => ({ id: `gsm8k-${i + 1}`, ...row })).toReversed(),
      question: replies.map((row, i) => ({ question: ['Two  and two?', 'Three and four?'][i], ...row })).toReversed(),
      order: replies,
    };
    for (const [how, list] of Object.entries(rows)) {
      const found = await scored('gsm8k', file(`${how}.jsonl`, list), { data });
      expect(found.samples).toBe(2);
      expect(percents(found, 'majority')).toEqual([50, 50, 50]);
      expect(percents(found, 'reward')).toEqual([50, 50, 50]);
      expect(percents(found, 'pass')).toEqual([50, 100, 100]);
      expect(found.figures.map(({ weighted }) => weighted?.value)).toEqual([0.5, 0.5, 0.5]);
      expect(found.figures.at(-1)?.mean.value).toBe(0.5);
      expect(found.unparsed).toBe(1);
    }
  });

  it('count samples without paths as wrong, or leave them out', async () => {
    const one = file('one.jsonl', [{ id: 'gsm8k-1', replies: ['\\boxed{4}'] }]);
    expect((await scored('gsm8k', one, { data })).figures[0]?.pass.value).toBe(0.5);
    expect((await scored('gsm8k', one, { data, missing: 'skip' })).figures[0]?.pass.value).toBe(1);
  });

  it.each<[string, unknown, RegExp]>([
    ['no list', { id: 'a', reply: 'x' }, /no list of replies; its fields are: id, reply/],
    ['an empty list', { replies: [] }, /list of replies is empty/],
    ['a reply that is no text', { replies: ['a', 5] }, /Reply 2 is no text/],
    ['other counts', { replies: ['a', 'b'], scores: [1] }, /1 scores for 2 replies/],
    ['scores that are none', { replies: ['a'], scores: ['high'] }, /Score 1 is no number/],
    ['nothing of ours', { id: 'elsewhere', replies: ['a'] }, /No row of paths has the id/],
  ])('refuse %s', async (name, row, message) => {
    const path = file(`${name}.jsonl`, [row]);
    await expect(scored('gsm8k', path, { data })).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(message),
    });
  });

  it('are a command, which says what does not go with it', async () => {
    const replies = file('command.jsonl', [
      { replies: ['\\boxed{4}', '\\boxed{5}'], scores: [0.1, 0.9] },
      { replies: ['\\boxed{7}', '\\boxed{7}'], scores: [0.2, 0.3] },
    ]);
    const words = ['score', 'gsm8k', '--data', data, '--replies', replies, '--paths'];
    const { json } = await fettleJson<ScoredPaths>(words);
    expect(json.figures.at(-1)).toMatchObject({ k: 2, majority: { value: 1 }, reward: { value: 0.5 } });
    const table = await fettle(words);
    expect(table.stdout).toMatch(/k +maj@k +weighted +rm@k +pass@k +unbiased +mean@k\n1 +100.0 /);
    const refused = await fettle([...words, '--explain-modes']);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('--explain-modes cannot be had with')]);
    const without = await fettle([...words, '--verdicts', 'file']);
    expect([without.code, without.stderr]).toEqual([2, expect.stringContaining('no verdicts of its own')]);
  });
});
