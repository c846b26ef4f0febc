import type { SettledScore } from './benchmark.ts';
import type { ImageBlob } from './message.ts';
import type { CallRecord, SampleResult } from './result.ts';
import type { RunRecord } from './run.ts';

/**
 * Durable runs. Kept by `store/`; the runner knows only this.
 * Writes resolve once they would survive the death of the process.
 */
export interface Store {
  createRun(run: RunRecord): Promise<void>;
  updateRun(id: string, change: Partial<Omit<RunRecord, 'id'>>): Promise<void>;
  /** By whole id or unique beginning. */
  getRun(id: string): Promise<RunRecord | undefined>;
  /** Newest first. */
  listRuns(): Promise<RunRecord[]>;

  appendCall(runId: string, call: CallRecord): Promise<void>;
  /** All calls of one sample and epoch by key, for replay. */
  callsOf(runId: string, task: string, sampleId: string, epoch: number): Promise<ReadonlyMap<string, CallRecord>>;
  /** A call of any run that answers this cache key. */
  cachedCall(cacheKey: string): Promise<CallRecord | undefined>;
  calls(runId: string): AsyncIterable<CallRecord>;

  /** Replaces an earlier result of the same task, sample and epoch. */
  saveResult(runId: string, result: SampleResult): Promise<void>;
  /** Puts scores in place of those that results have, all in one transaction. Results that are not there are left out. */
  replaceScores(runId: string, changes: readonly SettledScore[]): Promise<void>;
  /** In the order of `index` and epoch. */
  results(runId: string): AsyncIterable<SampleResult>;
  resultOf(runId: string, sampleId: string, epoch?: number): Promise<SampleResult | undefined>;
  /** `index` and epoch of results with status completed, so that a resumed run can skip them. */
  completed(runId: string): Promise<{ has(index: number, epoch: number): boolean; readonly size: number }>;

  /** Refuses a run that another process is carrying on. The lock ends with the process at the latest. */
  lockRun?(runId: string): Promise<{ release(): void }>;

  putBlob(blob: ImageBlob): Promise<void>;
  getBlob(sha256: string): Promise<Uint8Array | undefined>;

  close(): Promise<void>;
}
