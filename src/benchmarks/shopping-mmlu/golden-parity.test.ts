import { describe, expect, it } from 'vitest';
import {
  FettleError,
  type Sample,
  type Score,
  type ScorerContext,
  type Task,
  type TaskFigure,
} from '../../core/index.ts';
import { shoppingMmlu } from './benchmark.ts';
import { readGold } from './data/gold.ts';
import type { Question } from './data/question.ts';
import { shoppingFigures } from './figures.ts';
import { taskAggregate } from './scoring/aggregate.ts';
import { kddChoice, kddCut, kddEntities, kddRanked, kddRetrieved } from './scoring/kdd-readings.ts';
import { scoreReference } from './scoring/score-reference.ts';
import { skillOfTrack } from './skills.ts';
import { type GoldenSample, hasSharedData, readGolden, sharedFolder } from './testing/shared-data.ts';
import { toyEmbedder, toyVector } from './testing/toy-encoder.ts';
import { isMetric, metricTypes, type Mode } from './vocabulary.ts';

const golden = hasSharedData ? readGolden() : undefined;
const context: ScorerContext = {
  models: { embedder: toyEmbedder },
  signal: new AbortController().signal,
};

interface Opened {
  readonly tasks: readonly Task[];
  readonly byRow: ReadonlyMap<number, { readonly task: Task; readonly sample: Sample }>;
}

async function openDevelopment(mode: Mode, data = sharedFolder): Promise<Opened> {
  const { tasks } = await shoppingMmlu.open({ data, mode, options: {} });
  const byRow = new Map<number, { task: Task; sample: Sample }>();
  for (const task of tasks)
    for await (const sample of task.samples()) byRow.set(sample.position ?? -1, { task, sample });
  return { tasks, byRow };
}

function expectScore(score: Score, { score: value, error }: GoldenSample['kdd'], sample: GoldenSample): void {
  const at = `row ${sample.row ?? '-'} ${sample.metric} ${sample.shape}: ${JSON.stringify(sample.output)}`;
  if (error !== undefined || value === 'nan') {
    expect(score.value, at).toBeNull();
    expect(score.broken, at).toBe(true);
    expect(score.reason, at).toContain(error ?? 'NaN');
  } else if (Array.isArray(value)) {
    expect([score.counts?.['tp'], score.counts?.['fp'], score.counts?.['fn']], at).toEqual(value);
  } else expect(Math.abs((score.value ?? NaN) - (value as number)), at).toBeLessThan(1e-6);
}

function kddParsed({ task_type: type, output }: GoldenSample): unknown {
  const reply = kddCut(output);
  if (type === 'multiple-choice') return kddChoice(reply);
  if (type === 'retrieval') return kddRetrieved(reply);
  if (type === 'ranking') return kddRanked(reply);
  if (type === 'named_entity_recognition') return kddEntities(reply);
  return undefined;
}

const modes = [
  ['reference', 'skill_eval'],
  ['reference-kdd', 'kdd'],
] as const;

describe.skipIf(golden === undefined)('reference scores (needs ../shared)', () => {
  it('uses the toy encoder as it is defined', () => {
    for (const [encoder, vectors] of Object.entries(golden?.embeddings ?? {})) {
      for (const [text, vector] of Object.entries(vectors)) expect(toyVector(text, encoder)).toEqual(vector);
    }
  });

  it.each(modes)('%s equals every reply on the real rows', async (mode, name) => {
    const { byRow } = await openDevelopment(mode);
    expect(byRow.size).toBe(96);
    for (const sample of golden?.samples ?? []) {
      const { task, sample: question } = byRow.get(sample.row) as { task: Task; sample: Sample };
      expectScore(await task.scorers[0].score({ text: sample.output }, question, context), sample[name], sample);
      const parsed = kddParsed(sample);
      if (parsed !== undefined) expect(parsed, sample.output).toEqual(sample.kdd.parsed);
    }
  });

  it.each(modes)('%s equals every reply on invented golds', async (mode, name) => {
    for (const sample of golden?.made_up_golds ?? []) {
      const { metric } = sample;
      if (!isMetric(metric)) throw new Error(metric);
      const read = readGold(metric, sample.gold);
      if ('fault' in read) throw new Error(read.fault);
      const question: Question = {
        id: 'made-up',
        input: '',
        task: 'made-up',
        skill: 'concept',
        type: metricTypes[metric],
        gold: read.gold,
        layout: 'skill',
        file: '',
        line: 1,
      };
      expectScore(await scoreReference(mode, sample.output, question, undefined, context), sample[name], sample);
    }
  });

  it.each(modes)('%s sums micro-F1 counts', (mode, name) => {
    for (const { tp_fp_fn: counts, ...expected } of golden?.micro_f1_aggregation ?? []) {
      const aggregate = taskAggregate(new Set(['micro f1']), mode);
      const scores = counts.map(([tp, fp, fn]): Score => ({ value: 0, parsed: true, counts: { tp, fp, fn } }));
      const { score, error } = expected[name];
      if (error === undefined) expect(aggregate?.compute(scores)).toBeCloseTo(score as number, 9);
      else expect(() => aggregate?.compute(scores)).toThrow(error);
    }
  });

  it.each(modes)('%s equals whole runs, tracks and their mean', async (mode, name) => {
    const { tasks, byRow } = await openDevelopment(mode);
    for (const run of Object.values(golden?.runs ?? {})) {
      const replies = new Map<string, { texts: string[]; scores: Score[] }>(
        tasks.map((task) => [task.name, { texts: [], scores: [] }]),
      );
      for (const sample of run.samples) {
        const { task, sample: question } = byRow.get(sample.row) as { task: Task; sample: Sample };
        const score = await task.scorers[0].score({ text: sample.output }, question, context);
        replies.get(task.name)?.texts.push(sample.output);
        replies.get(task.name)?.scores.push(score);
        expectScore(score, sample[name], { ...sample, metric: task.name });
      }
      const figures = tasks.map((task) =>
        figureOf(task, replies.get(task.name)?.scores ?? [], replies.get(task.name)?.texts ?? []),
      );
      const table = shoppingFigures(figures, mode);
      for (const [track, expected] of Object.entries(run[name].tracks)) {
        const group = table.groups[skillOfTrack(track)];
        if (expected.error !== undefined) {
          expect(group?.score).toBeNull();
          expect(group?.error).toContain(expected.error.split(':')[0]);
          continue;
        }
        expect(group?.score).toBeCloseTo(expected.track_score as number, 6);
        for (const { task_name: task, score } of expected.per_task ?? []) {
          expect(figures.find((figure) => figure.name === task)?.score).toBeCloseTo(score, 6);
        }
      }
      const overall = run[name].mean_of_four_tracks;
      if (overall === null) expect(table.overall.score).toBeNull();
      else expect(table.overall.score).toBeCloseTo(overall, 6);
    }
  });

  it('reference-task equals what the scripts for single tasks printed', async () => {
    for (const run of golden?.task_wise_runs.runs ?? []) {
      const options = { budgets: 'reference', ...(run.args.includes('--use_letter_choices') && { prompt: 'letters' }) };
      const { tasks } = await shoppingMmlu.open({
        data: `${sharedFolder}/taskwise-format-sample.tar`,
        mode: 'reference-task',
        options,
      });
      const task = tasks.find(({ name }) => name === run.test_subject) as Task;
      const scores: Score[] = [];
      for await (const sample of task.samples()) {
        expect(sample.generation?.maxTokens).toBe(run.max_new_tokens[0]);
        scores.push(await task.scorers[0].score({ text: run.replies[scores.length] as string }, sample, context));
      }
      expect(scores).toHaveLength(run.replies.length);
      expect(figureOf(task, scores, run.replies).score?.toFixed(4)).toBe(run.reported_score_4dp);
    }
  });
});

function figureOf(task: Task, scores: readonly Score[], replies: readonly string[]): TaskFigure {
  const labels = task.labels ?? {};
  const rest = { name: task.name, labels, n: scores.length, replies };
  const broken = scores.find((score) => score.broken === true);
  if (broken !== undefined) return { ...rest, score: null, error: broken.reason ?? '' };
  try {
    const mean = scores.reduce((sum, score) => sum + (score.value ?? NaN), 0) / scores.length;
    return { ...rest, score: task.aggregate === undefined ? mean : task.aggregate.compute(scores) };
  } catch (error) {
    if (!FettleError.isInstance(error)) throw error;
    return { ...rest, score: null, error: error.message };
  }
}
