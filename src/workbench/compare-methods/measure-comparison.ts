import type { RunRecord, Store } from '../../core/index.ts';
import { createMethod } from '../../methods/index.ts';
import {
  compareRuns,
  type Difference,
  type EqualPoint,
  type MethodFigures,
  type MethodsComparison,
  paretoFront,
  type RunForReport,
  type Summary,
} from '../../report/index.ts';
import { openEvaluation } from '../open-evaluation.ts';
import { summaryOf } from '../summary-of.ts';
import { EqualCurve, pathMethod } from './equal-curve.ts';
import { createGrader, type GradeText } from './grade-texts.ts';
import { RoundsTally } from './measure-rounds.ts';
import { storedComparison } from './stored-comparison.ts';
import { usageOfRun } from './usage-of-run.ts';

/**
 * Everything that a comparison's runs amount to so far, read from the store; no model is asked.
 * `equal` adds what methods that draw n paths would have come to with fewer.
 */
export async function measureComparison(
  store: Store,
  id: string,
  options: { readonly equal?: boolean } = {},
): Promise<MethodsComparison> {
  const { methods, config, runs, id: whole } = await storedComparison(store, id);
  const { opened, benchmark, mode } = await openEvaluation(config);
  const grade = createGrader(opened.tasks, config.limit);
  const sides = await Promise.all(runs.map((run) => run && sideOf(store, run)));
  const differences = await differencesOf(sides, opened.tasks);
  const figures: Omit<MethodFigures, 'onFront'>[] = [];
  for (const [place, spec] of methods.entries()) {
    const side = sides[place];
    if (side === undefined) continue;
    figures.push(await measure(store, spec, side, differences.get(place), grade, options.equal === true));
  }
  const front = paretoFront(figures);
  const first = runs.find((run) => run !== undefined);
  return {
    comparison: whole,
    benchmark: benchmark.name,
    mode,
    models: Object.fromEntries(
      Object.entries(config.models).filter((entry): entry is [string, string] => entry[1] !== undefined),
    ),
    seed: config.seed,
    epochs: config.epochs,
    createdAt: first?.createdAt ?? Date.now(),
    ...(config.command === undefined ? {} : { command: config.command }),
    shared: config.comparison.share,
    methods: figures.map((one, i) => ({ ...one, onFront: front[i] === true })),
    missing: methods.filter((_, place) => runs[place] === undefined),
    notes: opened.notes ?? [],
  };
}

type Side = RunForReport & { readonly run: RunRecord };

async function sideOf(store: Store, run: RunRecord): Promise<Side> {
  return { run, summary: await summaryOf(store, run), results: () => store.results(run.id) };
}

/** Each method against the first, by place. Nothing where the first has not been started. */
async function differencesOf(
  sides: readonly (Side | undefined)[],
  tasks: Awaited<ReturnType<typeof openEvaluation>>['opened']['tasks'],
): Promise<ReadonlyMap<number, Difference>> {
  const differences = new Map<number, Difference>();
  const [baseline] = sides;
  const others = [...sides.entries()].filter(
    (entry): entry is [number, Side] => entry[0] > 0 && entry[1] !== undefined,
  );
  if (baseline === undefined || others.length === 0) return differences;
  const { comparisons } = await compareRuns([baseline, ...others.map(([, side]) => side)], { tasks });
  for (const [i, { tasks: byTask, overall }] of comparisons.entries()) {
    const place = others[i]?.[0];
    const [only, ...more] = Object.values(byTask);
    // One task has McNemar's exact test; over several the weighted mean has a permutation test.
    if (place !== undefined) differences.set(place, only !== undefined && more.length === 0 ? plain(only) : overall);
  }
  return differences;
}

function plain({ n, first, second, difference, interval, pValue, test, detectable, ...rest }: Difference): Difference {
  const { firstBetter, secondBetter } = rest;
  return { n, first, second, difference, interval, pValue, test, detectable, firstBetter, secondBetter };
}

/** All paths are the method itself: its point has the interval that is reported for it. */
function asReported(point: EqualPoint, { score, interval }: Summary['overallDetail']): EqualPoint {
  return score !== null && Math.abs(score - point.accuracy) < 1e-9 ? { ...point, interval } : point;
}

async function measure(
  store: Store,
  spec: string,
  { run, summary, results }: Side,
  difference: Difference | undefined,
  grade: GradeText,
  equal: boolean,
): Promise<Omit<MethodFigures, 'onFront'>> {
  const rounds = new RoundsTally();
  const paths = equal ? pathMethod(createMethod(spec)) : undefined;
  const curve = paths && new EqualCurve(paths);
  let questions = 0;
  let tokens = 0;
  for await (const result of results()) {
    questions += 1;
    tokens += result.usage.inputTokens + result.usage.outputTokens;
    await rounds.add(result, grade);
    await curve?.add(result, grade);
  }
  const { overallDetail: overall } = summary;
  const roundFigures = rounds.figures();
  const points = curve?.points()?.map((point, i, all) => (i === all.length - 1 ? asReported(point, overall) : point));
  const failure = overall.failed.count === 0 ? undefined : summary.errors[0]?.message;
  return {
    spec,
    run: run.id,
    state: run.state,
    questions,
    failed: overall.failed.count,
    ...(failure === undefined ? {} : { failure }),
    unparsed: overall.unparsed.count,
    accuracy: overall.score,
    interval: overall.interval,
    ...(difference === undefined ? {} : { difference }),
    usage: await usageOfRun(store, run.id),
    wallSeconds: summary.seconds ?? 0,
    tokensPerQuestion: questions === 0 ? null : tokens / questions,
    ...(roundFigures === undefined ? {} : { rounds: roundFigures }),
    ...(points === undefined ? {} : { curve: points }),
    tasks: Object.fromEntries(
      Object.entries(summary.tasks).map(([name, { n, score, interval }]) => [name, { n, score, interval }]),
    ),
  };
}
