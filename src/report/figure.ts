import { FettleError, type Aggregate, type Score } from '../core/index.ts';
import { meanFigureInterval } from './interval.ts';
import { aggregateReplicates, meanReplicates, percentileInterval } from './replicates.ts';
import { sampleMeans, type SampleMeans } from './sample-means.ts';
import type { Figure } from './summary.ts';
import type { TaskTally } from './task-tally.ts';

/** A task's figure, or that of some of its results, with replicates for figures made of it. */
export interface FigureWithReplicates {
  readonly figure: Figure;
  /** Null where there is no score. */
  readonly replicates: Float64Array | null;
}

/**
 * The figure over some rows of a task.
 * A task's aggregate sees the scores of the samples that completed; its result is multiplied by their share,
 * so that failed samples count as 0 whatever is computed.
 */
export function figureOf(tally: TaskTally, rows: Int32Array, seed: string): FigureWithReplicates {
  const counted = rows.filter((row) => isCounted(tally, row));
  const means = sampleMeans(tally, counted);
  const base = countsOf(tally, rows, means.values.length);
  const broken = rows.find((row) => tally.outcome(row) === 'broken');
  if (broken !== undefined) return without(base, { error: tally.reason(broken) });
  if (counted.length === 0) return without(base, { reason: noFigure(tally, rows) });
  if (tally.task.aggregate !== undefined) return aggregated(tally, tally.task.aggregate, counted, base, means, seed);
  const score = means.values.reduce((sum, value) => sum + value, 0) / means.values.length;
  const { interval, method } = meanFigureInterval(means, seed);
  return { figure: { ...base, score, interval, intervalMethod: method }, replicates: meanReplicates(means, seed) };
}

function aggregated(
  tally: TaskTally,
  aggregate: Aggregate,
  counted: Int32Array,
  base: Figure,
  means: SampleMeans,
  seed: string,
): FigureWithReplicates {
  const compute = (rows: ArrayLike<number>): number | null => {
    const scores: Score[] = [];
    for (let i = 0; i < rows.length; i++) {
      const score = tally.scores[rows[i] as number];
      if (score) scores.push(score);
    }
    if (scores.length === 0) return rows.length === 0 ? null : 0;
    const value = aggregate.compute(scores);
    return value === null || !Number.isFinite(value) ? null : (value * scores.length) / rows.length;
  };
  try {
    const score = compute(counted);
    if (score === null) return without(base, { reason: `${aggregate.name} has no value for these samples` });
    const replicates = aggregateReplicates(means.rowsOfUnit(), (rows) => valueOrNull(() => compute(rows)), seed);
    const drawn = means.unitCount < 2 ? null : percentileInterval(replicates);
    // All resamples alike says that these samples are alike, not that others would be: no interval is honest, zero width is not.
    const interval = drawn !== null && drawn[0] < drawn[1] ? drawn : null;
    const figure = { ...base, score, interval, intervalMethod: interval && methodName(means) };
    return { figure: base.failed.count === 0 ? figure : { ...figure, note: scaledNote }, replicates };
  } catch (error) {
    if (!FettleError.isInstance(error)) throw error;
    return without(base, { error: error.message });
  }
}

const scaledNote = 'failed samples count as 0: the aggregate of the others is multiplied by their share';

const methodName = (means: SampleMeans): string => (means.clustered ? 'cluster bootstrap' : 'bootstrap');

function isCounted(tally: TaskTally, row: number): boolean {
  const outcome = tally.outcome(row);
  return outcome !== 'excluded' && outcome !== 'broken';
}

function without(base: Figure, why: { error: string } | { reason: string }): FigureWithReplicates {
  return { figure: { ...base, ...why }, replicates: null };
}

function valueOrNull(compute: () => number | null): number | null {
  try {
    return compute();
  } catch (error) {
    // A resampled task may be one that the reference crashes on; others are faults of the aggregate.
    if (FettleError.isInstance(error)) return null;
    throw error;
  }
}

function noFigure(tally: TaskTally, rows: Int32Array): string {
  const first = rows[0];
  return first === undefined ? 'no results' : tally.reason(first);
}

function countsOf(tally: TaskTally, rows: Int32Array, n: number): Figure {
  let unparsed = 0;
  let failed = 0;
  let counted = 0;
  let input = 0;
  let output = 0;
  let durationMs = 0;
  let cost: number | undefined;
  const reasons: Record<string, number> = Object.create(null);
  for (const row of rows) {
    const outcome = tally.outcome(row);
    if (outcome === 'unparsed') unparsed++;
    if (outcome === 'failed') failed++;
    if (isCounted(tally, row)) counted++;
    else reasons[tally.reason(row)] = (reasons[tally.reason(row)] ?? 0) + 1;
    input += tally.inputTokens.at(row);
    output += tally.outputTokens.at(row);
    durationMs += tally.durationsMs.at(row);
    const price = tally.costs.at(row);
    if (!Number.isNaN(price)) cost = (cost ?? 0) + price;
  }
  return {
    n,
    results: counted,
    score: null,
    interval: null,
    intervalMethod: null,
    unparsed: { count: unparsed, rate: counted === 0 ? null : unparsed / counted },
    failed: { count: failed, rate: counted === 0 ? null : failed / counted },
    excluded: { count: rows.length - counted, reasons: mostFrequentFirst(reasons) },
    tokens: { input, output },
    seconds: durationMs / 1000,
    ...(cost !== undefined && { cost }),
  };
}

/** Own keys only, so that a reason named `__proto__` is a reason like others. */
export function mostFrequentFirst(counts: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).toSorted((a, b) => b[1] - a[1]));
}
