import type { Token } from 'node-llama-cpp';
import { describe, expect, it } from 'vitest';
import { createSlotPool } from './slot-pool.ts';
import type { Slot } from './slot.ts';

const never = new AbortController().signal;
const prompt = (...numbers: number[]): Token[] => numbers as Token[];

/** Slots that know the first token that they were used with. */
function fakeSlots(size: number) {
  const made: { known: number | undefined }[] = [];
  const pool = createSlotPool({
    size,
    create: async () => {
      const state: { known: number | undefined } = { known: undefined };
      made.push(state);
      return { state, reusable: (tokens: readonly Token[]) => (tokens[0] === state.known ? 1 : 0) } as unknown as Slot;
    },
  });
  return { pool, made };
}
const stateOf = (slot: Slot): { known: number | undefined } => (slot as unknown as { state: { known: number } }).state;

describe('createSlotPool', () => {
  it('never runs more at once than it has slots, and serves in order', async () => {
    const { pool, made } = fakeSlots(2);
    let running = 0;
    let most = 0;
    const order: number[] = [];
    await Promise.all(
      Array.from({ length: 9 }, (_, number) =>
        pool.use(prompt(number), never, async () => {
          order.push(number);
          most = Math.max(most, ++running);
          await new Promise((resolve) => setImmediate(resolve));
          running--;
        }),
      ),
    );
    expect(most).toBe(2);
    expect(made).toHaveLength(2);
    expect(order).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('prefers the slot that knows the prompt', async () => {
    const { pool } = fakeSlots(2);
    const teach = (number: number) =>
      pool.use(prompt(number), never, async (slot) => {
        stateOf(slot).known = number;
        await new Promise((resolve) => setImmediate(resolve));
      });
    await Promise.all([teach(1), teach(2)]);
    for (const number of [2, 1, 1, 2]) {
      expect(await pool.use(prompt(number), never, async (slot) => stateOf(slot).known)).toBe(number);
    }
  });

  it('gives the place back when work fails', async () => {
    const { pool, made } = fakeSlots(1);
    await expect(pool.use(prompt(1), never, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await pool.use(prompt(1), never, async () => 'next')).toBe('next');
    expect(made).toHaveLength(1);
  });

  it('stops waiting when told to', async () => {
    const { pool } = fakeSlots(1);
    const controller = new AbortController();
    let release = (): void => {};
    const first = pool.use(prompt(1), never, () => new Promise<void>((resolve) => (release = resolve)));
    const second = pool.use(prompt(2), controller.signal, async () => 'ran');
    controller.abort(new Error('enough'));
    await expect(second).rejects.toThrow('enough');
    release();
    await first;
    expect(await pool.use(prompt(3), never, async () => 'ran')).toBe('ran');
  });

  it('drains once nobody works', async () => {
    const { pool } = fakeSlots(2);
    let release = (): void => {};
    const work = pool.use(prompt(1), never, () => new Promise<void>((resolve) => (release = resolve)));
    let drained = false;
    const draining = pool.drain().then((slots) => {
      drained = true;
      return slots;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(drained).toBe(false);
    release();
    await work;
    expect(await draining).toHaveLength(1);
  });
});
