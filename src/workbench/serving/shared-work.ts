/** Work that equal requests share: done once for all who wait for it, and ended when the last of them has gone. */
export interface SharedWork<T> {
  /**
   * Rejects with the signal's reason once that aborts, whatever becomes of the work.
   *
   * @param content what is asked under the key; work that is going on for other content is a conflict
   */
  join(key: string, content: string, signal: AbortSignal, start: Start<T>): Promise<T>;
  /** Ends everything that is going on; resolves when nothing is. */
  end(reason: Error): Promise<void>;
}

/** `linger` names what is left to do when the outcome is known; the next work of the key waits for it. */
type Start<T> = (signal: AbortSignal, linger: (rest: Promise<unknown>) => void) => Promise<T>;

interface Work<T> {
  readonly content: string;
  readonly promise: Promise<T>;
  readonly abort: AbortController;
  waiting: number;
}

interface Going {
  readonly abort: AbortController;
  readonly settled: Promise<void>;
}

export function createSharedWork<T>(conflict: () => Error): SharedWork<T> {
  const works = new Map<string, Work<T>>();
  /** Also what nobody waits for any more. */
  const going = new Map<string, Going>();

  const begin = (key: string, content: string, start: Start<T>): Work<T> => {
    const abort = new AbortController();
    // Work that was given up may still be writing its last answer: its successor must find it in the journal.
    const before = going.get(key);
    const rest: Promise<unknown>[] = [];
    const promise = (async () => {
      await before?.settled;
      abort.signal.throwIfAborted();
      return start(abort.signal, (lingering) => void rest.push(lingering));
    })();
    const work: Work<T> = { content, promise, abort, waiting: 0 };
    works.set(key, work);
    const settled = (async () => {
      await Promise.allSettled([promise]);
      if (works.get(key) === work) works.delete(key);
      await Promise.allSettled(rest);
    })();
    const own: Going = { abort, settled };
    going.set(key, own);
    void settled.then(() => {
      if (going.get(key) === own) going.delete(key);
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
        const stay = (): void => signal.removeEventListener('abort', leave);
        work.promise.then(
          (result) => {
            stay();
            resolve(result);
          },
          (error: unknown) => {
            stay();
            reject(error as Error);
          },
        );
      });
    },
    async end(reason) {
      const all = [...going.values()];
      for (const { abort } of all) abort.abort(reason);
      await Promise.all(all.map(({ settled }) => settled));
    },
  };
}
