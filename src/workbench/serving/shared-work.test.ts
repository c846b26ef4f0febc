import { expect, test } from 'vitest';
import { createSharedWork } from './shared-work.ts';

const conflict = (): Error => new Error('conflict');
const forever = new AbortController().signal;

test('equal work is done once, unequal work under the same key is a conflict', async () => {
  const works = createSharedWork<number>(conflict);
  const { promise, resolve } = Promise.withResolvers<number>();
  let starts = 0;
  const start = (): Promise<number> => {
    starts += 1;
    return promise;
  };
  const both = [works.join('k', 'a', forever, start), works.join('k', 'a', forever, start)];
  await expect(works.join('k', 'b', forever, start)).rejects.toThrow('conflict');
  resolve(7);
  expect(await Promise.all(both)).toEqual([7, 7]);
  expect(starts).toBe(1);
  expect(await works.join('k', 'b', forever, () => Promise.resolve(8))).toBe(8);
});

test('what follows waits for what was given up and for what was left to do', async () => {
  const works = createSharedWork<string>(conflict);
  const order: string[] = [];
  const dying = Promise.withResolvers<string>();
  const abort = new AbortController();
  const first = works.join('k', 'a', abort.signal, (signal, linger) => {
    signal.addEventListener('abort', () => order.push('aborted'));
    linger(dying.promise.then(() => order.push('written')));
    return new Promise(
      (_resolve, reject) => void signal.addEventListener('abort', () => reject(signal.reason as Error)),
    );
  });
  const left = expect(first).rejects.toThrow('gone');
  await Promise.resolve();
  await Promise.resolve();
  abort.abort(new Error('gone'));
  await left;
  const second = works.join('k', 'a', forever, async () => {
    order.push('second');
    return 'done';
  });
  await new Promise((resolve) => void setImmediate(resolve));
  dying.resolve('');
  expect(await second).toBe('done');
  expect(order).toEqual(['aborted', 'written', 'second']);
});

test('the end aborts everything', async () => {
  const works = createSharedWork<void>(conflict);
  const joined = works.join('k', 'a', forever, (signal) => {
    return new Promise(
      (_resolve, reject) => void signal.addEventListener('abort', () => reject(signal.reason as Error)),
    );
  });
  const ended = expect(joined).rejects.toThrow('over');
  await Promise.resolve();
  await Promise.resolve();
  await works.end(new Error('over'));
  await ended;
});
