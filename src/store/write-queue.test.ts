import { expect, test } from 'vitest';
import { createWriteQueue, type WriteQueueOptions } from './write-queue.ts';

class Busy extends Error {}
class Own extends Error {}

/** A database of words: what is committed, transaction by transaction. */
function setup(options: Partial<WriteQueueOptions> = {}) {
  const committed: string[][] = [];
  let open: string[] | undefined;
  const fail: { begin?: () => void; commit?: () => void } = {};
  const queue = createWriteQueue({
    begin() {
      fail.begin?.();
      open = [];
    },
    commit() {
      fail.commit?.();
      committed.push(open ?? []);
      open = undefined;
    },
    rollback() {
      open = undefined;
    },
    isBusy: (error) => error instanceof Busy,
    isOwn: (error) => error instanceof Own,
    explain: (error) => error,
    ...options,
  });
  const word = (text: string) => () => void open?.push(text);
  return { queue, committed, fail, word };
}

test('writes of one turn share a transaction, in order', async () => {
  const { queue, committed, word } = setup();
  await Promise.all(['a', 'b', 'c'].map((text) => queue.add(word(text))));
  await queue.add(word('d'));
  expect(committed).toEqual([['a', 'b', 'c'], ['d']]);
});

test('a transaction is bounded', async () => {
  const { queue, committed, word } = setup({ maxBatch: 2 });
  await Promise.all(['a', 'b', 'c', 'd', 'e'].map((text) => queue.add(word(text))));
  expect(committed).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
});

test('nothing resolves before its commit', async () => {
  const { queue, committed, word } = setup();
  await queue.add(word('a')).then(() => expect(committed).toEqual([['a']]));
});

test('an urgent write takes patient ones along, which would else wait', async () => {
  const { queue, committed, word } = setup({ patienceMs: 1_000_000 });
  const patient = queue.add(word('patient'), 'patient');
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(committed).toEqual([]);
  await Promise.all([queue.add(word('urgent')), patient]);
  expect(committed).toEqual([['patient', 'urgent']]);
});

test('draining does not wait for patience or pace', async () => {
  const { queue, committed, word } = setup({ patienceMs: 1_000_000, paceMs: 1_000_000 });
  await queue.drain();
  await queue.add(word('a'));
  void queue.add(word('b'), 'patient');
  void queue.add(word('c'));
  await queue.drain();
  expect(committed).toEqual([['a'], ['b', 'c']]);
});

test('writes added by those who were just told are not forgotten', async () => {
  const { queue, committed, word } = setup({ paceMs: 0 });
  const chain = async (name: string): Promise<void> => {
    for (let i = 0; i < 5; i++) await queue.add(word(`${name}${i}`));
  };
  await Promise.all([chain('a'), chain('b')]);
  expect(committed).toEqual(Array.from({ length: 5 }, (_, i) => [`a${i}`, `b${i}`]));
});

test('a write that fails by itself fails alone', async () => {
  const { queue, committed, word } = setup();
  const own = new Own('mine');
  const outcomes = await Promise.allSettled([
    queue.add(word('a')),
    queue.add(() => {
      throw own;
    }),
    queue.add(word('b')),
  ]);
  expect(outcomes.map((outcome) => outcome.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(committed).toEqual([['a', 'b']]);
});

test('a commit that fails rejects all of its writes; later ones may succeed', async () => {
  const { queue, committed, fail, word } = setup();
  fail.commit = () => {
    delete fail.commit;
    throw new Error('full');
  };
  const outcomes = await Promise.allSettled([queue.add(word('a')), queue.add(word('b'))]);
  expect(outcomes.map((outcome) => outcome.status)).toEqual(['rejected', 'rejected']);
  await queue.add(word('c'));
  expect(committed).toEqual([['c']]);
});

test('a busy database is tried again, and given up in the end', async () => {
  const { queue, committed, fail, word } = setup({ busyMs: 60 });
  let times = 2;
  fail.begin = () => {
    if (times-- > 0) throw new Busy();
  };
  await queue.add(word('a'));
  expect(committed).toEqual([['a']]);
  times = Number.POSITIVE_INFINITY;
  await expect(queue.add(word('b'))).rejects.toBeInstanceOf(Busy);
  times = 0;
  await queue.add(word('c'));
  expect(committed).toEqual([['a'], ['c']]);
});
