import type { OpenedBenchmark, SampleResult, Score, SettledScore, Store } from '../core/index.ts';

type Settling = Pick<OpenedBenchmark, 'settle'>;

/** Scores by result and scorer. */
type Changes = ReadonlyMap<string, readonly SettledScore[]>;

const keyOf = ({ task, sampleId, epoch }: Pick<SampleResult, 'task' | 'sampleId' | 'epoch'>): string =>
  JSON.stringify([task, sampleId, epoch]);

function changed(result: SampleResult, changes: Changes): SampleResult {
  const own = changes.get(keyOf(result));
  if (own === undefined) return result;
  const scores: Record<string, Score> = { ...result.scores };
  for (const { scorer, score } of own) scores[scorer] = score;
  return { ...result, scores };
}

async function* streamed(results: Iterable<SampleResult>): AsyncGenerator<SampleResult> {
  yield* results;
}

/** Results in memory with what their benchmark settles in place. */
export async function settledResults(opened: Settling, results: readonly SampleResult[]): Promise<SampleResult[]> {
  if (opened.settle === undefined) return [...results];
  const changes = Map.groupBy(await opened.settle(streamed(results)), keyOf);
  return results.map((result) => changed(result, changes));
}

/** Stored results as their benchmark settles them, read twice; the store is left as it is. */
export async function settledView(
  opened: Settling,
  read: () => AsyncIterable<SampleResult>,
): Promise<AsyncIterable<SampleResult>> {
  if (opened.settle === undefined) return read();
  const changes = Map.groupBy(await opened.settle(read()), keyOf);
  return (async function* (): AsyncGenerator<SampleResult> {
    for await (const result of read()) yield changed(result, changes);
  })();
}

/** Settles a run's stored results, in one transaction. */
export async function settleRun(opened: Settling, store: Store, runId: string): Promise<void> {
  const changes = (await opened.settle?.(store.results(runId))) ?? [];
  if (changes.length > 0) await store.replaceScores(runId, changes);
}
