import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { skillOfTrack } from '../../src/benchmarks/shopping-mmlu/skills.ts';
import {
  type Golden,
  hasSharedData,
  readGolden,
  sharedFolder,
} from '../../src/benchmarks/shopping-mmlu/testing/shared-data.ts';
import { type CliEnd, fettleJson, temporaryFolder } from '../support/cli.ts';

interface Scored {
  readonly benchmark: string;
  readonly mode: string;
  readonly samples: readonly {
    readonly id: string;
    readonly task: string;
    readonly value: number | null;
    readonly counts?: Record<string, number>;
    readonly reason?: string;
  }[];
  readonly tasks: Record<string, { readonly n: number; readonly score: number | null; readonly error?: string }>;
  readonly groups: Record<string, number | null>;
  readonly overall: number | null;
}

const modes = [
  ['reference', 'skill_eval'],
  ['reference-kdd', 'kdd'],
] as const;

const golden = hasSharedData ? readGolden() : undefined;
const runs = Object.keys(golden?.runs ?? {});
const cases = modes.flatMap(([mode, name]) => runs.map((run) => [run, mode, name] as const));

function goldenRun(name: string): Golden['runs'][string] {
  const run = golden?.runs[name];
  if (run === undefined) throw new Error(`There is no golden run ${name}.`);
  return run;
}

function writeReplies(rows: readonly object[]): string {
  const file = join(temporaryFolder(), 'replies.jsonl');
  writeFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  return file;
}

function score(data: string, replies: string, mode: string, more: string[] = []): Promise<CliEnd & { json: Scored }> {
  const args = ['score', 'shopping-mmlu', '--data', data, '--replies', replies, '--mode', mode];
  return fettleJson<Scored>([...args, '--embedder', 'test:ngram', ...more]);
}

function close(actual: number | null | undefined, expected: number, what: string): void {
  expect(Math.abs((actual ?? NaN) - expected), `${what}: ${String(actual)} instead of ${expected}`).toBeLessThan(1e-6);
}

describe.skipIf(golden === undefined)('fettle score against the reference scores (needs ../shared)', () => {
  test.each(cases)('the %s run in mode %s, by sample, task and track', async (run, mode, name) => {
    const { samples, [name]: table } = goldenRun(run);
    const replies = writeReplies(samples.map(({ row, output }) => ({ id: `development#${row}`, reply: output })));
    const { json, code, stderr } = await score(sharedFolder, replies, mode);
    expect(json).toMatchObject({ benchmark: 'shopping-mmlu', mode });
    expect(json.samples).toHaveLength(samples.length);
    const byId = new Map(json.samples.map((sample) => [sample.id, sample]));
    const broken = new Set<string>();
    for (const sample of samples) {
      const scored = byId.get(`development#${sample.row}`);
      const expected = sample[name];
      if (expected.error !== undefined || expected.score === 'nan' || expected.score === undefined) {
        expect(scored?.value, `row ${sample.row}`).toBeNull();
      } else if (Array.isArray(expected.score)) {
        const { counts } = scored ?? {};
        expect([counts?.['tp'], counts?.['fp'], counts?.['fn']], `row ${sample.row}`).toEqual(expected.score);
      } else close(scored?.value, expected.score as number, `row ${sample.row}`);
    }
    for (const [track, expected] of Object.entries(table.tracks)) {
      const skill = skillOfTrack(track);
      if (expected.error !== undefined) {
        broken.add(skill);
        expect(json.groups[skill]).toBeNull();
        continue;
      }
      close(json.groups[skill], expected.track_score as number, skill);
      for (const { task_name: task, score: value } of expected.per_task ?? []) {
        close(json.tasks[task]?.score, value, task);
      }
    }
    if (table.mean_of_four_tracks === null) expect(json.overall).toBeNull();
    else close(json.overall, table.mean_of_four_tracks, 'overall');
    // Where the released code crashes, an error stands in the place of a number.
    if (broken.size > 0) {
      expect(code).toBe(1);
      expect(stderr).toMatch(/error: .*(AttributeError|integer|digit)/i);
    } else expect(code, stderr).toBe(0);
  });

  test('replies without ids are joined in the order of the data', async () => {
    const { samples } = goldenRun('chatty');
    const withIds = writeReplies(samples.map(({ row, output }) => ({ id: `development#${row}`, reply: output })));
    const without = writeReplies(samples.map(({ output }) => ({ model_output: output })));
    const first = await score(sharedFolder, withIds, 'reference-kdd');
    const second = await score(join(sharedFolder, 'development.jsonl'), without, 'reference-kdd');
    expect(second.json.samples).toEqual(first.json.samples);
    expect(second.json.overall).toBe(first.json.overall);
  });

  test('--explain-modes lists the samples that the modes disagree on, with each verdict', async () => {
    const { samples } = goldenRun('chatty');
    const replies = writeReplies(samples.map(({ row, output }) => ({ id: `development#${row}`, reply: output })));
    const { json } = await score(sharedFolder, replies, 'strict', ['--explain-modes']);
    const { differences } = json as unknown as {
      differences: { id: string; verdicts: Record<string, { value: number | null }> }[];
    };
    const reported = new Map(differences.map(({ id, verdicts }) => [id, verdicts]));
    for (const { row, skill_eval: skill, kdd } of samples) {
      if (typeof skill.score !== 'number' || typeof kdd.score !== 'number') continue;
      if (Math.abs(skill.score - kdd.score) < 1e-5) continue;
      const verdicts = reported.get(`development#${row}`);
      close(verdicts?.['reference']?.value, skill.score, `row ${row}`);
      close(verdicts?.['reference-kdd']?.value, kdd.score, `row ${row}`);
    }
    expect(differences.length).toBeGreaterThan(5);
    expect(differences.length).toBeLessThanOrEqual(96);
  });

  test('no entity predicted in a whole task is an error, as the released code divides by zero', async () => {
    const { samples } = goldenRun('chatty');
    const replies = writeReplies(samples.map(({ row }) => ({ id: `development#${row}`, reply: '' })));
    const { json, code, stderr } = await score(sharedFolder, replies, 'reference');
    expect(code).toBe(1);
    expect(json.groups['concept']).toBeNull();
    expect(stderr).toMatch(/error: .*(ZeroDivisionError|zero)/i);
  });

  test.each((golden?.task_wise_runs.runs ?? []).map((run) => [run.test_subject, run.args.join(' '), run] as const))(
    'reference-task: %s %s',
    async (subject, _args, run) => {
      const replies = writeReplies(run.replies.map((reply) => ({ reply })));
      const tar = join(sharedFolder, 'taskwise-format-sample.tar');
      const { json, code, stderr } = await score(tar, replies, 'reference-task', [
        '--tasks',
        subject,
        ...(run.args.includes('--use_letter_choices') ? ['--option', 'prompt=letters'] : []),
      ]);
      expect(code, stderr).toBe(0);
      expect(json.tasks[subject]?.score?.toFixed(4)).toBe(run.reported_score_4dp);
    },
  );

  test('data check accepts the files as they were released', async () => {
    const end = await fettleJson<{ errors: number }>(['data', 'check', 'shopping-mmlu', '--data', sharedFolder]);
    expect(end.json.errors).toBe(0);
    expect(end.code).toBe(0);
  });
});
