import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createFairQueue } from './fair-queue.ts';

const forever = new AbortController().signal;

test('never more work than places, nothing is lost, whatever comes, ends and leaves', async () => {
  const step = fc.record({
    client: fc.constantFrom('a', 'b', 'c'),
    count: fc.integer({ min: 1, max: 3 }),
    leaves: fc.boolean(),
    ends: fc.nat({ max: 3 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), fc.integer({ min: 1, max: 4 }), async (steps, places) => {
      const queue = createFairQueue({ places, queue: 6 });
      const held: (() => void)[] = [];
      const all: Promise<void>[] = [];
      for (const { client, count, leaves, ends } of steps) {
        const abort = new AbortController();
        const entered = queue.enter(client, count, abort.signal);
        for (const place of entered ?? []) {
          all.push(
            place.then(
              (release) => void held.push(release),
              () => undefined,
            ),
          );
        }
        if (leaves) abort.abort(new Error('left'));
        await Promise.resolve();
        expect(queue.active).toBeLessThanOrEqual(places);
        expect(queue.waiting).toBeLessThanOrEqual(6);
        for (const release of held.splice(0, ends)) {
          release();
          release();
        }
      }
      while (queue.active > 0 || queue.waiting > 0) {
        for (const release of held.splice(0)) release();
        await Promise.resolve();
      }
      await Promise.all(all);
      for (const release of held) release();
      expect([queue.active, queue.waiting]).toEqual([0, 0]);
    }),
  );
});

test('a request of several places gets all of them or none', () => {
  const queue = createFairQueue({ places: 2, queue: 1 });
  expect(queue.enter('a', 4, forever)).toBeUndefined();
  expect(queue.active).toBe(0);
  expect(queue.enter('a', 3, forever)).toHaveLength(3);
  expect([queue.active, queue.waiting]).toEqual([2, 1]);
  expect(queue.enter('b', 1, forever)).toBeUndefined();
});

test('closing sends away what waits and whoever comes, and leaves what works', async () => {
  const queue = createFairQueue({ places: 1, queue: 5 });
  const [first, second] = [...(queue.enter('a', 1, forever) ?? []), ...(queue.enter('a', 1, forever) ?? [])];
  const refused = expect(second).rejects.toThrow('closed');
  queue.close(new Error('closed'));
  await refused;
  await expect(queue.enter('b', 1, forever)?.[0]).rejects.toThrow('closed');
  expect(queue.active).toBe(1);
  (await first)?.();
  expect(queue.active).toBe(0);
});
