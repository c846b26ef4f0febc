import type { RunRecord, SampleResult } from '../core/index.ts';
import type { Summary } from './summary.ts';

/** A run with everything that reports and comparisons read. */
export interface RunForReport {
  /** Absent for replies that were only scored. */
  readonly run?: RunRecord | undefined;
  readonly summary: Summary;
  /** Its results from the start, at every call. */
  readonly results: () => AsyncIterable<SampleResult> | Iterable<SampleResult>;
}

/** How a run is named beside others: by its main model, method and id, what is known of them. */
export function runLabel({ run, summary }: Pick<RunForReport, 'run' | 'summary'>): string {
  const parts = [summary.models?.['main'], summary.details?.method].filter((part) => part !== undefined);
  return [...parts, summary.run ?? run?.id ?? 'scored replies'].join(' · ');
}
