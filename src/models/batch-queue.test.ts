import { describe, expect, it } from 'vitest';
import { createBatchQueue, inHalves } from './batch-queue.ts';

const letters = ['a', 'b', 'c', 'd', 'e'];

/** A queue whose batches end when the test says so. */
function heldQueue(limit: number, maxWeight?: number) {
  const batches: { items: readonly string[]; signal: AbortSignal; end: () => void }[] = [];
  const left: string[] = [];
  const queue = createBatchQueue<string, string>({
    limit,
    windowMs: 1,
    weigh: (item) => item.length,
    maxWeight,
    onLeave: (item) => left.push(item),
    work: (items, signal) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      batches.push({ items, signal, end: resolve });
      return promise.then(() => items.map((value) => ({ value })));
    },
  });
  return { queue, batches, left };
}

const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 1));
};

describe('createBatchQueue', () => {
  it('joins what arrives together, and runs one batch at a time', async () => {
    const { queue, batches, left } = heldQueue(3);
    const answers = Promise.all(letters.map((letter) => queue.add(letter)));
    await until(() => batches.length === 1);
    expect(batches[0]?.items).toEqual(['a', 'b', 'c']);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(batches).toHaveLength(1);
    batches[0]?.end();
    await until(() => batches.length === 2);
    expect(left).toEqual(['a', 'b', 'c']);
    batches[1]?.end();
    expect(await answers).toEqual(letters);
  });

  it('never computes what was aborted before, and ends work that nobody waits for', async () => {
    const { queue, batches, left } = heldQueue(2);
    const aborts = letters.map(() => new AbortController());
    const answers = letters.map((letter, place) =>
      queue.add(letter, aborts[place]?.signal).catch((error: Error) => error.name),
    );
    await until(() => batches.length === 1);
    aborts[2]?.abort();
    expect(await answers[2]).toBe('AbortError');
    expect(left).toEqual(['c']);
    aborts[0]?.abort();
    expect(await answers[0]).toBe('AbortError');
    expect(batches[0]?.signal.aborted).toBe(false);
    aborts[1]?.abort();
    expect(batches[0]?.signal.aborted).toBe(true);
    batches[0]?.end();
    await until(() => batches.length === 2);
    expect(batches[1]?.items).toEqual(['d', 'e']);
    batches[1]?.end();
    expect(await answers[4]).toBe('e');
    expect(left.toSorted()).toEqual(letters);
    await expect(queue.add('late', AbortSignal.abort())).rejects.toThrow('aborted');
  });

  it('keeps batches within their weight', async () => {
    const { queue, batches } = heldQueue(10, 4);
    const answers = Promise.all(['aaa', 'b', 'cc', 'dddddd'].map((item) => queue.add(item)));
    const seen: (readonly string[])[] = [];
    for (let round = 1; round <= 3; round++) {
      await until(() => batches.length === round);
      seen.push(batches[round - 1]?.items ?? []);
      batches[round - 1]?.end();
    }
    expect(seen).toEqual([['aaa', 'b'], ['cc'], ['dddddd']]);
    await answers;
  });

  it('gives the failure of a batch to each of its calls', async () => {
    const queue = createBatchQueue({ limit: 9, windowMs: 0, work: () => Promise.reject(new Error('gone')) });
    const ends = await Promise.allSettled([queue.add(1), queue.add(2)]);
    expect(ends.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });
});

describe('inHalves', () => {
  it('lets one broken item fail by itself, and stops at failures of another kind', async () => {
    let calls = 0;
    const work = (items: readonly number[]) => {
      calls += 1;
      if (items.includes(3)) throw new Error('part');
      return Promise.resolve(items.map((value) => ({ value })));
    };
    const signal = new AbortController().signal;
    const items = [0, 1, 2, 3, 4, 5, 6, 7];
    const outcomes = await inHalves<number, number>(
      async (some) => work(some),
      () => true,
    )(items, signal);
    expect(outcomes.map((outcome) => ('value' in outcome ? outcome.value : 'broken'))).toEqual([
      0,
      1,
      2,
      'broken',
      4,
      5,
      6,
      7,
    ]);
    expect(calls).toBe(7);
    calls = 0;
    const all = await inHalves<number, number>(
      async (some) => work(some),
      () => false,
    )(items, signal);
    expect(all.every((outcome) => 'error' in outcome)).toBe(true);
    expect(calls).toBe(1);
  });
});
