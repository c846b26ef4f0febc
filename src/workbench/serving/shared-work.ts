/** Work that equal requests share: done once for all who wait for it, and ended when the last of them has gone. */
export interface SharedWork<T> {
  /**
   * Rejects with the signal's reason once that aborts, whatever becomes of the work.
   *
   * @param content what is asked under the key; work that is going on for other content is a conflict
   */
  join(key: string, content: string, signal: AbortSignal, start: (signal: AbortSignal) => Promise<T>): Promise<T>;
  /** Resolves when nothing is going on any more. */
  settled(): Promise<void>;
}

interface Work<T> {
  readonly content: string;
  readonly promise: Promise<T>;
  readonly abort: AbortController;
  waiting: number;
}

export function createSharedWork<T>(conflict: () => Error): SharedWork<T> {
  const works = new Map<string, Work<T>>();
  /** Everything that has not settled, also what nobody waits for any more. */
  const going = new Map<string, Promise<unknown>>();

  const begin = (key: string, content: string, start: (signal: AbortSignal) => Promise<T>): Work<T> => {
    const abort = new AbortController();
    // Work that was given up may still be writing its last answer: its successor must find it in the journal.
    const before = going.get(key);
    const promise = (async () => {
      await before;
      abort.signal.throwIfAborted();
      return start(abort.signal);
    })();
    const work: Work<T> = { content, promise, abort, waiting: 0 };
    works.set(key, work);
    const end = promise.then(
      () => undefined,
      () => undefined,
    );
    going.set(key, end);
    void end.then(() => {
      if (works.get(key) === work) works.delete(key);
      if (going.get(key) === end) going.delete(key);
    });
    return work;
  };

  return {
    join(key, content, signal, start) {
      if (signal.aborted) return Promise.reject(signal.reason as Error);
      const work = works.get(key) ?? begin(key, content, start);
      if (work.content !== content) return Promise.reject(conflict());
      work.waiting += 1;
      return new Promise<T>((resolve, reject) => {
        const leave = (): void => {
          work.waiting -= 1;
          reject(signal.reason as Error);
          if (work.waiting > 0) return;
          if (works.get(key) === work) works.delete(key);
          work.abort.abort(signal.reason);
        };
        signal.addEventListener('abort', leave, { once: true });
        work.promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
      });
    },
    async settled() {
      await Promise.all(going.values());
    },
  };
}
