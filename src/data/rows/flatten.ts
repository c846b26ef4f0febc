/**
 * Items of chunks, one by one; each is made only when it is asked for.
 * Hand-written because an async generator's `yield` costs several times as much as a resolved promise.
 */
export function flatten<T>(chunks: AsyncIterator<Iterable<T>, void>): AsyncIterableIterator<T, undefined> {
  const finished = { value: undefined, done: true } as const;
  let items: Iterator<T> | undefined;
  let pulling: Promise<unknown> | undefined;

  const pull = async (): Promise<IteratorResult<T, undefined>> => {
    while (true) {
      const item = items?.next();
      if (item !== undefined && item.done !== true) return item;
      const next = await chunks.next();
      if (next.done === true) {
        items = undefined;
        return finished;
      }
      items = next.value[Symbol.iterator]();
    }
  };
  // Calls made while a chunk is being fetched wait for their turn.
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
      if (pulling !== undefined || items === undefined) return queued();
      try {
        const item = items.next();
        return item.done === true ? queued() : Promise.resolve(item);
      } catch (error) {
        items = undefined;
        return Promise.reject(error as Error);
      }
    },
    async return() {
      items = undefined;
      await chunks.return?.();
      return finished;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
