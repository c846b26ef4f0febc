/**
 * Items of batches, one by one.
 * Hand-written because an async generator's `yield` costs several times as much as a resolved promise.
 */
export function flatten<T>(batches: AsyncIterator<readonly T[], void>): AsyncIterableIterator<T, undefined> {
  let batch: readonly T[] = [];
  let at = 0;
  let pulling: Promise<unknown> | undefined;
  const finished = { value: undefined, done: true } as const;

  const pull = async (): Promise<IteratorResult<T, undefined>> => {
    while (at >= batch.length) {
      const next = await batches.next();
      if (next.done === true) return finished;
      batch = next.value;
      at = 0;
    }
    return { value: batch[at++] as T, done: false };
  };
  // Calls made while a batch is being fetched wait for their turn.
  const queued = (): Promise<IteratorResult<T, undefined>> => {
    const turn = pulling === undefined ? pull() : pulling.then(pull, pull);
    const clear = (): undefined => {
      if (pulling === settled) pulling = undefined;
      return undefined;
    };
    const settled: Promise<undefined> = turn.then(clear, clear);
    pulling = settled;
    return turn;
  };
  return {
    next() {
      if (pulling === undefined && at < batch.length) {
        return Promise.resolve({ value: batch[at++] as T, done: false });
      }
      return queued();
    },
    async return() {
      batch = [];
      at = 0;
      await batches.return?.();
      return finished;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
