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
  /** How long a busy database is tried again. 60,000 where absent. */
  readonly busyMs?: number;
}

export interface WriteQueue {
  /** Resolves after the commit of the transaction that `apply` ran in. */
  add(apply: () => void): Promise<void>;
  /** Resolves when everything that was added so far is committed or rejected. Never rejects. */
  drain(): Promise<void>;
}

/** Gathers the writes of one turn of the event loop into one transaction. */
export function createWriteQueue(options: WriteQueueOptions): WriteQueue {
  const { begin, commit, rollback, isBusy, isOwn, explain, maxBatch = 1024, busyMs = 60_000 } = options;
  let waiting: Write[] = [];
  let active = false;
  let drained: Promise<void> = Promise.resolve();
  let tellDrained = (): void => {};

  /** Undefined when it is done, else the error of a busy database. */
  const attempt = (batch: readonly Write[]): unknown => {
    const failed = new Map<Write, unknown>();
    try {
      begin();
      for (const write of batch) {
        try {
          write.apply();
        } catch (error) {
          if (!isOwn(error)) throw error;
          failed.set(write, error);
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
      if (failed.size > 0 && failed.has(write)) write.reject(explain(failed.get(write)));
      else write.resolve();
    }
    return undefined;
  };

  const flush = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting.length > maxBatch ? waiting.splice(0, maxBatch) : waiting;
      if (batch === waiting) waiting = [];
      let busy = attempt(batch);
      // The clock is read only while another process holds the lock.
      for (let waitedMs = 0; busy !== undefined; waitedMs += 20) {
        if (waitedMs >= busyMs) {
          const reason = explain(busy);
          for (const write of batch) write.reject(reason);
          break;
        }
        await sleep(20);
        busy = attempt(batch);
      }
      if (waiting.length > 0) await new Promise<void>((resolve) => void setImmediate(resolve));
    }
    active = false;
    tellDrained();
  };

  return {
    add(apply) {
      return new Promise<void>((resolve, reject) => {
        waiting.push({ apply, resolve, reject });
        if (active) return;
        active = true;
        drained = new Promise((done) => {
          tellDrained = done;
        });
        setImmediate(() => void flush());
      });
    },
    drain: () => (active ? drained : Promise.resolve()),
  };
}
