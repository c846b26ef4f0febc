import type { Benchmark, SampleResult } from '../core/index.ts';
import { agreementNotes, AgreementTally } from './agreement.ts';
import { breakdownsOf } from './breakdowns.ts';
import { groupSummary } from './combine.ts';
import { ErrorLog } from './error-log.ts';
import { figureOf, type FigureWithReplicates } from './figure.ts';
import { groupFigures } from './group-figures.ts';
import type { RunDetails, RunInfo, SampleSummary, Summary } from './summary.ts';
import { sampleSummary } from './sample-summary.ts';
import { distributions, taskErrors, taskFigure, taskSummary } from './task-summary.ts';
import { TaskTally, type TaskForSummary } from './task-tally.ts';
import { UsageSum } from './usage-sum.ts';

export type BenchmarkForSummary = Pick<Benchmark, 'name'> &
  Partial<Pick<Benchmark, 'figures' | 'groupBy' | 'breakdowns' | 'breakdownMean'>>;

export interface SummarizeOptions {
  /** Absent for an own evaluation: no groups, breakdowns by whatever labels its samples carry. */
  readonly benchmark?: BenchmarkForSummary | undefined;
  readonly mode: string;
  /** In the order of the table. Tasks that only the results name follow. */
  readonly tasks: readonly TaskForSummary[];
  readonly results: AsyncIterable<SampleResult> | Iterable<SampleResult>;
  readonly run?: RunInfo | undefined;
  /** Whether `samples` lists every result; its memory grows with their number. */
  readonly includeSamples: boolean;
  /** What a reader should know of data or scoring. */
  readonly notes?: readonly string[] | undefined;
}

/**
 * Every figure of a run, in one pass over its results: about 60 bytes are kept for each.
 *
 * Failed samples count as 0. Samples whose score has no value leave the denominator and are counted.
 * A broken score, or an aggregate that throws a FettleError, leaves its task without a figure, with the error.
 * Epochs are averaged within their sample; intervals take samples that share a group as one.
 * Throws what an aggregate or the benchmark's `figures` throws besides.
 */
export async function summarize(options: SummarizeOptions): Promise<Summary> {
  const { benchmark, mode, run } = options;
  const tallies = new Map<string, TaskTally>();
  for (const task of options.tasks) tallies.set(task.name, new TaskTally(task));
  // Only a reference mode's table may depend on the replies themselves.
  const keepReply = benchmark?.figures !== undefined && mode !== 'strict';
  const labelKeys = benchmark?.breakdowns;
  const errors = new ErrorLog();
  const agreements = new AgreementTally();
  const samples: SampleSummary[] = [];
  const usage = new UsageSum();
  let firstStart = Infinity;
  let lastEnd = -Infinity;
  for await (const result of options.results) {
    let tally = tallies.get(result.task);
    if (tally === undefined) {
      tally = new TaskTally({ name: result.task });
      tallies.set(result.task, tally);
    }
    tally.add(result, { keepReply, ...(labelKeys && { labelKeys }) });
    const score = tally.scoreOf(result);
    errors.add(result, score);
    agreements.add(result, score);
    if (options.includeSamples) samples.push(sampleSummary(result, score));
    usage.add(result.usage);
    firstStart = Math.min(firstStart, result.startedAt);
    lastEnd = Math.max(lastEnd, result.startedAt + result.durationMs);
  }

  const all = [...tallies.values()];
  const epochs = Math.max(1, ...all.map((tally) => tally.highestEpoch));
  if (epochs === 1) for (const sample of samples) delete sample.epoch;
  const computed = all.map((tally) => figureOf(tally, everyRow(tally), `task ${tally.task.name}`));
  const forTable = all.map((tally, i) => taskFigure(tally, (computed[i] as FigureWithReplicates).figure, keepReply));
  const table = groupFigures({ benchmark, mode, tasks: forTable, replicates: computed.map((task) => task.replicates) });
  const figures = computed.map((task) => task.figure);
  const members = (group: string) =>
    figures.filter((_, i) => all[i]?.task.labels?.[benchmark?.groupBy ?? ''] === group);
  const groupDetails = mapValues(table.figures.groups, (figure, group) =>
    groupSummary(figure, members(group), table.replicates.groups[group] ?? null),
  );
  const overallDetail = groupSummary(table.figures.overall, figures, table.replicates.overall);
  const sampleErrors = errors.list();
  const agreement = agreements.list();
  return {
    benchmark: benchmark?.name ?? null,
    mode,
    ...(run !== undefined && {
      run: run.id,
      models: run.models,
      usage: usage.totals,
      seconds: run.seconds ?? Math.max(0, lastEnd - firstStart) / 1000,
      details: detailsOf(run),
    }),
    overall: overallDetail.score,
    groups: mapValues(table.figures.groups, (figure) => figure.score),
    tasks: Object.fromEntries(
      all.map((tally, i) => [tally.task.name, taskSummary(tally, computed[i] as FigureWithReplicates)]),
    ),
    overallDetail,
    ...(benchmark?.groupBy !== undefined && { groupBy: benchmark.groupBy }),
    groupDetails,
    breakdowns: breakdownsOf(all, computed, labelKeys, benchmark?.breakdownMean),
    ...distributions(all),
    ...(Object.keys(agreement).length > 0 && { agreement }),
    errors: [...sampleErrors, ...taskErrors(forTable, sampleErrors)],
    notes: [...(options.notes ?? []), ...(run?.notes ?? []), ...agreementNotes(agreement)],
    samples,
  };
}

function detailsOf({ method, seed, createdAt, hashes, command }: RunInfo): RunDetails {
  return { method, seed, createdAt, hashes, command };
}

function everyRow(tally: TaskTally): Int32Array {
  return Int32Array.from({ length: tally.length }, (_, row) => row);
}

function mapValues<T, R>(record: Readonly<Record<string, T>>, map: (value: T, key: string) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value, key)]));
}
