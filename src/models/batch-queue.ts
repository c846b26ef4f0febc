/** How one item of a batch ended. */
export type BatchOutcome<Result> = { readonly value: Result } | { readonly error: unknown };

export interface BatchQueueOptions<Item, Result> {
  /** Most items of a batch. */
  readonly limit: number;
  /** How long the first item waits for others while nothing runs. 0: until the end of this turn of the event loop. */
  readonly windowMs: number;
  /** What an item adds to its batch; no batch of several weighs more than `maxWeight`. */
  readonly weigh?: ((item: Item) => number) | undefined;
  readonly maxWeight?: number | undefined;
  /** Computes a batch: one outcome an item, in order. The signal aborts once nobody waits for any of them. */
  work(items: readonly Item[], signal: AbortSignal): Promise<readonly BatchOutcome<Result>[]>;
  /** Told once of each item when it is needed no more: its batch has ended, or it left before. */
  readonly onLeave?: ((item: Item) => void) | undefined;
}

export interface BatchQueue<Item, Result> {
  /** Rejects with `signal.reason` at once when aborted; an item whose batch has not begun is then never computed. */
  add(item: Item, signal?: AbortSignal): Promise<Result>;
}

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly weight: number;
  settle(outcome: BatchOutcome<Result>): void;
  /** Set while its batch runs. */
  onAbort: () => void;
}

/** Joins single calls into batches, first come, first served, one batch at a time. */
export function createBatchQueue<Item, Result>(options: BatchQueueOptions<Item, Result>): BatchQueue<Item, Result> {
  const { limit, windowMs, weigh = () => 0, maxWeight = Infinity, onLeave } = options;
  // A set keeps the order of arrival, and one who leaves from the middle costs the same as the first.
  const waiting = new Set<Waiting<Item, Result>>();
  let running = false;
  let cancelTimer: (() => void) | undefined;

  function take(): Waiting<Item, Result>[] {
    const batch: Waiting<Item, Result>[] = [];
    let weight = 0;
    for (const one of waiting) {
      if (batch.length === limit || (batch.length > 0 && weight + one.weight > maxWeight)) break;
      waiting.delete(one);
      batch.push(one);
      weight += one.weight;
    }
    return batch;
  }

  async function run(): Promise<void> {
    const batch = take();
    if (batch.length === 0) return;
    running = true;
    const abandoned = new AbortController();
    let wanted = batch.length;
    for (const one of batch) {
      one.onAbort = () => {
        wanted -= 1;
        if (wanted === 0) abandoned.abort();
      };
    }
    let outcomes: readonly BatchOutcome<Result>[];
    try {
      outcomes = await options.work(
        batch.map(({ item }) => item),
        abandoned.signal,
      );
    } catch (error) {
      outcomes = batch.map(() => ({ error }));
    }
    running = false;
    for (const [place, one] of batch.entries()) {
      onLeave?.(one.item);
      one.settle(outcomes[place] ?? { error: new Error('the batch came back short') });
    }
    schedule();
  }

  function schedule(): void {
    if (running || waiting.size === 0) return;
    if (waiting.size >= limit && windowMs > 0) {
      cancelTimer?.();
      cancelTimer = undefined;
      void run();
    } else if (cancelTimer === undefined) {
      const begin = (): void => {
        cancelTimer = undefined;
        if (!running) void run();
      };
      if (windowMs === 0) {
        const turn = setImmediate(begin);
        cancelTimer = () => clearImmediate(turn);
      } else {
        const timer = setTimeout(begin, windowMs);
        cancelTimer = () => clearTimeout(timer);
      }
    }
  }

  return {
    add(item, signal) {
      if (signal?.aborted === true) {
        onLeave?.(item);
        return Promise.reject(signal.reason);
      }
      return new Promise<Result>((resolve, reject) => {
        const one: Waiting<Item, Result> = {
          item,
          weight: weigh(item),
          settle(outcome) {
            signal?.removeEventListener('abort', aborted);
            if ('error' in outcome) reject(outcome.error);
            else resolve(outcome.value);
          },
          onAbort() {
            waiting.delete(one);
            onLeave?.(item);
          },
        };
        const aborted = (): void => {
          one.onAbort();
          reject(signal?.reason);
        };
        signal?.addEventListener('abort', aborted, { once: true });
        waiting.add(one);
        schedule();
      });
    },
  };
}

/**
 * Work in which one broken item fails by itself: where a batch of several fails with an error that `mayBePart` holds to
 * be the fault of an item, its halves are tried apart, down to single items.
 */
export function inHalves<Item, Result>(
  work: BatchQueueOptions<Item, Result>['work'],
  mayBePart: (error: unknown) => boolean,
): BatchQueueOptions<Item, Result>['work'] {
  return async function tried(items, signal): Promise<readonly BatchOutcome<Result>[]> {
    try {
      return await work(items, signal);
    } catch (error) {
      if (items.length < 2 || signal.aborted || !mayBePart(error)) return items.map(() => ({ error }));
      const middle = Math.ceil(items.length / 2);
      return [...(await tried(items.slice(0, middle), signal)), ...(await tried(items.slice(middle), signal))];
    }
  };
}
