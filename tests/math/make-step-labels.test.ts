import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fettle, fettleJson } from '../support/cli.ts';
import { type ChatRequest, digitOf, startEndpoint } from '../support/endpoint.ts';

interface Row {
  readonly id: string;
  readonly sample: string;
  readonly reasoning_path: string;
  readonly accuracy: number;
  readonly leaves?: number;
  readonly soft?: number;
  readonly hard?: number;
}

/** Two different first steps, then an answer that may be right. */
function solve({ prompt, key }: ChatRequest): string {
  const begun = prompt.includes('The solution has begun');
  if (!begun)
    return `<Step 1> Take ${'abcdefghij'[digitOf(key, 10)] ?? ''} and ${digitOf(key, 900)} of them. </Step 1>`;
  const how = prompt.includes('with one mistake in it') ? 'By another way it is' : 'That makes';
  return `<Step 2> ${how} ${digitOf(key, 1000)}. </Step 2>\n<ans>${digitOf(`${key}x`, 2) === 0 ? 7 : 8}</ans>`;
}

function problems(count: number): string {
  const root = mkdtempSync(join(tmpdir(), 'fettle-labels-'));
  const rows = Array.from({ length: count }, (_, i) => ({ question: `Question ${i}?`, answer: 'So.\n#### 7' }));
  writeFileSync(join(root, 'train.jsonl'), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  return root;
}

const rowsOf = (file: string): Row[] =>
  readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Row);

const command = (root: string, model: string, ...more: string[]): string[] => [
  'data',
  'make',
  'step-labels',
  'gsm8k',
  '--data',
  join(root, 'train.jsonl'),
  '--model',
  model,
  '--home',
  join(root, 'home'),
  '--out',
  join(root, 'labels.jsonl'),
  '--depth',
  '2',
  ...more,
];

describe('fettle data make step-labels', () => {
  it('stops at its budget without a file, goes on where it stopped, and pays nothing twice', async () => {
    const root = problems(4);
    const endpoint = await startEndpoint({ reply: solve });
    const stopped = await fettle(command(root, endpoint.model, '--budget', 'calls=9', '--concurrency', '1'));
    expect(stopped.code).toBe(1);
    expect(stopped.stderr).toMatch(/budget is used up/);
    const resume = /--resume (\S+)/.exec(stopped.stderr)?.[1] ?? '';
    expect(existsSync(join(root, 'labels.jsonl'))).toBe(false);

    const end = await fettleJson<{ rows: number; samples: number; leafless: number }>([
      'data',
      'make',
      'step-labels',
      '--resume',
      resume,
      '--home',
      join(root, 'home'),
      '--out',
      join(root, 'labels.jsonl'),
      '--budget',
      'calls=1000',
    ]);
    expect(end.code).toBe(0);
    expect(new Set(endpoint.seen.map(({ key }) => key)).size).toBe(endpoint.seen.length);
    const rows = rowsOf(join(root, 'labels.jsonl'));
    expect(end.json).toMatchObject({ rows: rows.length, samples: 4, leafless: 0 });
    expect(new Set(rows.map(({ sample }) => sample)).size).toBe(4);
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
    expect(rows[0]).toMatchObject({ id: 'gsm8k-train-1/S11', leaves: 2 });
    expect(rows[0]?.reasoning_path).toMatch(/^Q: Question 0\?\nA: \n<Step 1>\nTake . and \d+ of them\.\n<\/Step 1>$/);
    expect(rows.some(({ accuracy }) => accuracy > 0) && rows.some(({ accuracy }) => accuracy < 1)).toBe(true);
    expect(readdirSync(root).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it('gives hard and soft labels of completions', async () => {
    const root = problems(2);
    const endpoint = await startEndpoint({ reply: solve });
    const end = await fettle(
      command(root, endpoint.model, '--labels', 'monte-carlo', '--rollouts', '4', '--paths', '2'),
    );
    expect(end.code).toBe(0);
    const rows = rowsOf(join(root, 'labels.jsonl'));
    expect(rows).toHaveLength(4);
    for (const { accuracy, soft = -1, hard } of rows) {
      expect(accuracy).toBe(soft);
      expect(hard).toBe(soft > 0 ? 1 : 0);
      expect([0, 0.25, 0.5, 0.75, 1]).toContain(soft);
    }
  });

  it('refuses before anything is asked', async () => {
    const root = problems(1);
    const endpoint = await startEndpoint({ reply: solve });
    writeFileSync(join(root, 'labels.jsonl'), 'kept');
    const there = await fettle(command(root, endpoint.model));
    expect([there.code, there.stderr]).toEqual([2, expect.stringContaining('exists already')]);
    const test = await fettle([...command(root, endpoint.model, '--force', '--split', 'test')]);
    expect([test.code, test.stderr]).toEqual([2, expect.stringContaining('There are the splits train')]);
    const none = await fettle(
      command(root, endpoint.model, '--force').filter((word) => word !== '--model' && word !== endpoint.model),
    );
    expect([none.code, none.stderr]).toEqual([2, expect.stringContaining('No model is named')]);
    expect(endpoint.seen).toEqual([]);
    expect(readFileSync(join(root, 'labels.jsonl'), 'utf8')).toBe('kept');
  });
});
