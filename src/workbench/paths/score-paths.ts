import {
  type ModelsByRole,
  type OpenedBenchmark,
  type Sample,
  scoreSample,
  type Task,
  usageError,
} from '../../core/index.ts';
import { wilsonInterval } from '../../metrics/index.ts';
import { gradeStrict, majority, meanAt, passAt, passAtUnbiased, rewardMax } from '../../metrics/math/index.ts';
import { joinPaths } from './join-paths.ts';
import type { PathRow } from './read-paths.ts';

export interface ScorePathsOptions {
  readonly opened: Pick<OpenedBenchmark, 'tasks'>;
  readonly rows: readonly PathRow[];
  /** Where they come from, for messages. */
  readonly source: string;
  readonly models: Partial<ModelsByRole>;
  /** What votes for the same: answers written alike, or answers that mean the same. */
  readonly vote: 'text' | 'meaning';
  /** Whose verdicts and answers count: ours, or those that the file has. */
  readonly verdicts: 'own' | 'file';
  /** What becomes of samples without paths. */
  readonly missing: 'fail' | 'skip';
  readonly signal?: AbortSignal;
}

/** One way to choose among the first k paths of each sample. Shares from 0 to 1. */
export interface PathFigure {
  readonly value: number;
  /** Wilson's, 95 %, where each sample is right or wrong. */
  readonly low?: number;
  readonly high?: number;
}

export interface FiguresAtK {
  readonly k: number;
  /** The most frequent answer; the one seen first wins ties. */
  readonly majority: PathFigure;
  /** The answer whose paths have the greatest sum of rewards, where there are rewards. */
  readonly weighted?: PathFigure;
  /** The path with the highest reward, where there are rewards; the first of equals. */
  readonly reward?: PathFigure;
  /** Any of the first k is right. */
  readonly pass: PathFigure;
  /** pass@k as estimated from all paths of a sample. */
  readonly passUnbiased: PathFigure;
  /** Share of right ones among the first k. */
  readonly mean: PathFigure;
}

export interface SamplePaths {
  readonly id: string;
  readonly task: string;
  readonly answers: readonly (string | null)[];
  readonly right: readonly boolean[];
}

export interface ScoredPaths {
  readonly samples: number;
  /** Paths of the sample that has fewest. */
  readonly paths: number;
  readonly figures: readonly FiguresAtK[];
  /** Paths whose verdict is that of the file itself, where it has verdicts. */
  readonly agreement?: { readonly same: number; readonly of: number };
  readonly unparsed: number;
  readonly bySample: readonly SamplePaths[];
  readonly notes: readonly string[];
}

interface Judged extends SamplePaths {
  readonly scores: readonly number[] | undefined;
}

/**
 * Grades every path by the first scorer of its task, reads its answer as votes do, and gives maj@k, rm@k, pass@k and
 * mean@k for k = 1, 2, 4, … over the first k paths of each sample. A sample without paths is wrong in all of them, or is
 * left out.
 * @throws usage error where no row belongs to a sample
 */
export async function scorePaths(options: ScorePathsOptions): Promise<ScoredPaths> {
  const { opened, rows, source, missing } = options;
  const slots: { task: Task; sample: Sample }[] = [];
  for (const task of opened.tasks) for await (const sample of task.samples()) slots.push({ task, sample });
  const rowOf = joinPaths(
    slots.map(({ sample }) => sample),
    rows,
    source,
  );
  const judged: Judged[] = [];
  const used = new Set<PathRow>();
  const agreement = { same: 0, of: 0 };
  let unparsed = 0;
  for (const { task, sample } of slots) {
    const row = rowOf(sample);
    if (row === undefined) continue;
    used.add(row);
    const one =
      options.verdicts === 'file' ? asFiled(task, sample, row, source) : await judge(task, sample, row, options);
    unparsed += one.unparsed;
    judged.push(one);
    for (const [i, right] of (row.right ?? []).entries()) {
      agreement.of++;
      if (right === one.right[i]) agreement.same++;
    }
  }
  if (judged.length === 0) throw usageError('No row of paths belongs to a sample.', { where: source });
  const absent = slots.length - judged.length;
  const paths = Math.min(...judged.map(({ right }) => right.length));
  const total = missing === 'skip' ? judged.length : slots.length;
  return {
    samples: total,
    paths,
    figures: countsUpTo(paths).map((k) => figuresAt(k, judged, total, options.vote)),
    ...(options.verdicts === 'own' && agreement.of > 0 && { agreement }),
    unparsed,
    bySample: judged.map(({ id, task, answers, right }) => ({ id, task, answers, right })),
    notes: [
      ...(absent > 0
        ? [
            `${absent} of ${slots.length} samples have no paths and ${missing === 'skip' ? 'are left out' : 'count as wrong'}`,
          ]
        : []),
      ...(used.size < rows.length ? [`${rows.length - used.size} rows belong to no sample`] : []),
      ...(judged.some(({ right }) => right.length > paths)
        ? [`samples have ${paths} to ${Math.max(...judged.map(({ right }) => right.length))} paths; k ends at ${paths}`]
        : []),
    ],
  };
}

async function judge(
  task: Task,
  sample: Sample,
  row: PathRow,
  { models, signal = new AbortController().signal }: ScorePathsOptions,
): Promise<Judged & { readonly unparsed: number }> {
  const [scorer] = task.scorers;
  const answers: (string | null)[] = [];
  const right: boolean[] = [];
  let unparsed = 0;
  // Equal replies have equal verdicts: graders of formulas are not asked twice.
  const known = new Map<string, { right: boolean; parsed: boolean; answer: string | null }>();
  for (const text of row.replies) {
    let verdict = known.get(text);
    if (verdict === undefined) {
      const scores = await scoreSample([scorer], { text }, sample, { models, signal });
      const score = scores[scorer.name];
      const answer = scorer.extract === undefined ? text.trim() || null : scorer.extract(text, sample);
      verdict = { right: (score?.value ?? 0) >= 1, parsed: score?.parsed ?? false, answer };
      known.set(text, verdict);
    }
    answers.push(verdict.answer);
    right.push(verdict.right);
    if (!verdict.parsed) unparsed++;
  }
  return { id: sample.id, task: task.name, answers, right, scores: row.scores, unparsed };
}

/** The verdicts and answers of the file itself. */
function asFiled(
  task: Task,
  sample: Sample,
  { right, answers, replies, scores, line }: PathRow,
  source: string,
): Judged & { readonly unparsed: number } {
  if (right === undefined) {
    throw usageError('The row has no verdicts of its own.', {
      where: `${source}:${line}`,
      hint: 'Verdicts are a list `score` of true and false, one a reply. Leave --verdicts out to grade the replies.',
    });
  }
  const read = answers ?? replies;
  return {
    id: sample.id,
    task: task.name,
    answers: read,
    right,
    scores,
    unparsed: read.filter((answer) => answer === null).length,
  };
}

/** 1, 2, 4, … and the last. */
function countsUpTo(paths: number): number[] {
  const counts: number[] = [];
  for (let k = 1; k < paths; k *= 2) counts.push(k);
  return [...counts, paths];
}

function figuresAt(k: number, judged: readonly Judged[], total: number, vote: 'text' | 'meaning'): FiguresAtK {
  const same = (a: string, b: string): boolean => gradeStrict(a, b).right;
  const options = { k, ...(vote === 'meaning' && { same }) };
  const share = (rightOf: (one: Judged) => boolean): PathFigure => {
    const hits = judged.filter(rightOf).length;
    const { low, high } = wilsonInterval(hits, total);
    return { value: hits / total, low, high };
  };
  const average = (of: (one: Judged) => number): PathFigure => ({
    value: judged.reduce((sum, one) => sum + of(one), 0) / total,
  });
  const chosen = (at: number | null, { right }: Judged): boolean => at !== null && right[at] === true;
  const rewarded = judged.every(({ scores }) => scores !== undefined);
  return {
    k,
    majority: share((one) => chosen(majority(one.answers, options), one)),
    ...(rewarded && {
      weighted: share((one) =>
        chosen(majority(one.answers, { ...options, weights: weightsOf(one.scores ?? []) }), one),
      ),
      reward: share((one) => chosen(rewardMax(one.scores ?? [], k), one)),
    }),
    pass: share(({ right }) => passAt(right, k) === 1),
    passUnbiased: average(({ right }) => passAtUnbiased(right, k)),
    mean: average(({ right }) => meanAt(right, k)),
  };
}

/** Rewards in [0, 1] as they are; others are taken for logits. */
function weightsOf(scores: readonly number[]): number[] {
  const shares = scores.every((score) => score >= 0 && score <= 1);
  return scores.map((score) => (shares ? score : 1 / (1 + Math.exp(-score))));
}
