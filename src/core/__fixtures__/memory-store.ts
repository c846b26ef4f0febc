import type { CallRecord, RunRecord, SampleResult, SettledScore, Store } from '../index.ts';

/** A store in memory for tests of what uses one. */
export class MemoryStore implements Store {
  readonly runs = new Map<string, RunRecord>();
  readonly callList: { runId: string; call: CallRecord }[] = [];
  readonly resultList = new Map<string, SampleResult>();
  readonly blobs = new Map<string, Uint8Array>();
  /** Thrown by the next append, as a full disk would. */
  appendFails: Error | undefined;

  async createRun(run: RunRecord): Promise<void> {
    this.runs.set(run.id, run);
  }
  async updateRun(id: string, change: Partial<RunRecord>): Promise<void> {
    const run = this.runs.get(id);
    if (run !== undefined) this.runs.set(id, { ...run, ...change });
  }
  async getRun(id: string): Promise<RunRecord | undefined> {
    return this.runs.get(id);
  }
  async listRuns(): Promise<RunRecord[]> {
    return [...this.runs.values()];
  }
  async appendCall(runId: string, call: CallRecord): Promise<void> {
    if (this.appendFails !== undefined) throw this.appendFails;
    this.callList.push({ runId, call });
  }
  async callsOf(runId: string, task: string, sampleId: string, epoch: number): Promise<Map<string, CallRecord>> {
    return new Map(
      this.callList
        .filter(
          ({ runId: id, call }) =>
            id === runId && call.task === task && call.sampleId === sampleId && call.epoch === epoch,
        )
        .map(({ call }) => [call.key, call]),
    );
  }
  async cachedCall(cacheKey: string): Promise<CallRecord | undefined> {
    return this.callList.find(({ call }) => call.cacheKey === cacheKey)?.call;
  }
  async *calls(runId: string): AsyncGenerator<CallRecord> {
    for (const { runId: id, call } of this.callList) if (id === runId) yield call;
  }
  async saveResult(runId: string, result: SampleResult): Promise<void> {
    this.resultList.set(`${runId}\0${result.index}\0${result.epoch}`, result);
  }
  async replaceScores(_runId: string, changes: readonly SettledScore[]): Promise<void> {
    for (const { task, sampleId, epoch, scorer, score } of changes) {
      for (const [key, result] of this.resultList) {
        if (result.task !== task || result.sampleId !== sampleId || result.epoch !== epoch) continue;
        this.resultList.set(key, { ...result, scores: { ...result.scores, [scorer]: score } });
      }
    }
  }
  async *results(_runId: string): AsyncGenerator<SampleResult> {
    yield* [...this.resultList.values()].sort((a, b) => a.index - b.index || a.epoch - b.epoch);
  }
  async resultOf(_runId: string, sampleId: string): Promise<SampleResult | undefined> {
    return [...this.resultList.values()].find((result) => result.sampleId === sampleId);
  }
  async completed(): Promise<{ has(index: number, epoch: number): boolean; readonly size: number }> {
    const done = new Set(
      [...this.resultList.values()]
        .filter((result) => result.status === 'completed')
        .map((result) => `${result.index}/${result.epoch}`),
    );
    return { has: (index, epoch) => done.has(`${index}/${epoch}`), size: done.size };
  }
  async putBlob(blob: { sha256: string; bytes: Uint8Array }): Promise<void> {
    this.blobs.set(blob.sha256, blob.bytes);
  }
  async getBlob(sha256: string): Promise<Uint8Array | undefined> {
    return this.blobs.get(sha256);
  }
  async close(): Promise<void> {}
}
