import type { Store } from '../core/index.ts';
import { type SampleSummary, sampleSummary, type Summary } from '../report/index.ts';

/**
 * The summary with every sample's outcome, read from the run's results.
 * Stored summaries have none: with the number of samples, a run's record would grow, and so would every reader of it.
 * One made by an earlier version that kept its samples is given back as it is.
 */
export async function withSamples(store: Store, runId: string, summary: Summary): Promise<Summary> {
  if (summary.samples.length > 0) return summary;
  const samples: SampleSummary[] = [];
  let severalEpochs = false;
  for await (const result of store.results(runId)) {
    if (result.epoch > 1) severalEpochs = true;
    // Scores are stored in the order of the task's scorers, so the first is the task's own.
    samples.push(sampleSummary(result, Object.values(result.scores)[0]));
  }
  if (!severalEpochs) for (const sample of samples) delete sample.epoch;
  return { ...summary, samples };
}
