import { setTimeout as sleep } from 'node:timers/promises';

interface Write {
  readonly apply: () => void;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

export interface WriteQueueOptions {
  /** Opens the transaction. May throw what `isBusy` recognises; it is tried again then. */
  readonly begin: () => void;
  readonly commit: () => void;
  /** Must not throw, whatever state the transaction is in. */
  readonly rollback: () => void;
  readonly isBusy: (error: unknown) => boolean;
  /** True for errors that concern one write alone and leave the transaction usable. */
  readonly isOwn: (error: unknown) => boolean;
  /** Makes the error that callers see. */
  readonly explain: (error: unknown) => unknown;
  /** Writes of one transaction at most. 1024 where absent. */
  readonly maxBatch?: number;
  /** Transactions begin at least so far apart, so that a steady trickle of writes shares them. 2 where absent. */
  readonly paceMs?: number;
  /** How long a patient write may wait for others to share its transaction with. 10 where absent. */
  readonly patienceMs?: number;
  /** How long a busy database is tried again. 60,000 where absent. */
  readonly busyMs?: number;
}

export interface WriteQueue {
  /** Resolves after the commit of the transaction that `apply` ran in. Rejects where it was rolled back. */
  add(apply: () => void, urgency?: 'urgent' | 'patient'): Promise<void>;
  /** Writes what waits now. Resolves when all of it is committed or rejected; never rejects. */
  drain(): Promise<void>;
}

/** Between two attempts at a busy database. */
const retryMs = 20;

/** Gathers writes into shared transactions: the cost of a row is mostly that of its transaction. */
export function createWriteQueue(options: WriteQueueOptions): WriteQueue {
  const { maxBatch = 1024, paceMs = 2, patienceMs = 10, busyMs = 60_000 } = options;
  let waiting: Write[] = [];
  let urgent = false;
  let flushing: Promise<void> | undefined;
  let lastBegin = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;
  let immediate: NodeJS.Immediate | undefined;

  const flush = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, maxBatch);
      waiting = waiting.slice(maxBatch);
      lastBegin = performance.now();
      let busy = attempt(options, batch);
      for (let waitedMs = 0; busy !== undefined; waitedMs += retryMs) {
        if (waitedMs >= busyMs) {
          const reason = options.explain(busy);
          for (const write of batch) write.reject(reason);
          break;
        }
        await sleep(retryMs);
        busy = attempt(options, batch);
      }
      // A long queue must not keep answers of models waiting.
      if (waiting.length > 0) await new Promise<void>((resolve) => void setImmediate(resolve));
    }
    urgent = false;
  };
  const start = (): Promise<void> => {
    clearTimeout(timer);
    clearImmediate(immediate);
    timer = undefined;
    immediate = undefined;
    flushing ??= flush().finally(() => {
      flushing = undefined;
      // Added by those whose writes were settled last.
      if (waiting.length > 0) schedule();
    });
    return flushing;
  };
  const schedule = (): void => {
    if (flushing !== undefined || immediate !== undefined) return;
    if (!urgent) {
      timer ??= setTimeout(start, patienceMs);
      return;
    }
    clearTimeout(timer);
    const waitMs = lastBegin + paceMs - performance.now();
    // Timers tick in whole milliseconds.
    if (waitMs >= 1) timer = setTimeout(start, waitMs);
    else immediate = setImmediate(start);
  };

  return {
    add(apply, urgency = 'urgent') {
      return new Promise<void>((resolve, reject) => {
        waiting.push({ apply, resolve, reject });
        const known = waiting.length > 1 && (urgent || urgency === 'patient');
        if (urgency === 'urgent') urgent = true;
        if (!known) schedule();
      });
    },
    async drain() {
      for (;;) {
        if (flushing === undefined && waiting.length === 0) return;
        await start();
      }
    },
  };
}

/** One transaction. Undefined when every write of the batch is settled, else the error of a busy database. */
function attempt(options: WriteQueueOptions, batch: readonly Write[]): unknown {
  const { begin, commit, rollback, isBusy, isOwn, explain } = options;
  let failed: Map<Write, unknown> | undefined;
  try {
    begin();
    for (const write of batch) {
      try {
        write.apply();
      } catch (error) {
        if (!isOwn(error)) throw error;
        (failed ??= new Map()).set(write, error);
      }
    }
    commit();
  } catch (error) {
    rollback();
    if (isBusy(error)) return error;
    const reason = explain(error);
    for (const write of batch) write.reject(reason);
    return undefined;
  }
  for (const write of batch) {
    if (failed?.has(write) === true) write.reject(explain(failed.get(write)));
    else write.resolve();
  }
  return undefined;
}
