/**
 * `items.map(act)` with at most `concurrency` at work, results in order.
 * The first failure ends it: nothing new starts, and what runs is awaited before the failure is thrown.
 */
export async function mapPooled<T, R>(
  items: readonly T[],
  concurrency: number,
  signal: AbortSignal | undefined,
  act: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results = Array.from<R>({ length: items.length });
  let next = 0;
  let failed = false;
  const worker = async (): Promise<void> => {
    while (!failed && next < items.length) {
      const index = next++;
      try {
        signal?.throwIfAborted();
        results[index] = await act(items[index] as T, index);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const workers = Array.from({ length: Math.max(1, Math.min(concurrency, items.length)) }, worker);
  const outcomes = await Promise.allSettled(workers);
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  return results;
}
