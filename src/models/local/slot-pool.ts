import type { Token } from 'node-llama-cpp';
import type { Slot } from './slot.ts';

export interface SlotPoolOptions {
  readonly size: number;
  readonly create: () => Promise<Slot>;
}

/** Hands out slots, at most `size`, first come first served; made when first needed. */
export interface SlotPool {
  /** Runs `work` on the free slot that knows most of the prompt. Waits for one; the signal ends the wait. */
  use<T>(tokens: readonly Token[], signal: AbortSignal, work: (slot: Slot) => Promise<T>): Promise<T>;
  /** All slots, once nobody works on them. */
  drain(): Promise<readonly Slot[]>;
}

export function createSlotPool({ size, create }: SlotPoolOptions): SlotPool {
  const free: Slot[] = [];
  const waiting: (() => void)[] = [];
  const idle: (() => void)[] = [];
  let busy = 0;

  const turn = (signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      const leave = (): void => {
        const position = waiting.indexOf(go);
        if (position >= 0) waiting.splice(position, 1);
        reject(signal.reason);
      };
      const go = (): void => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      signal.addEventListener('abort', leave, { once: true });
      waiting.push(go);
    });

  const take = async (tokens: readonly Token[]): Promise<Slot> => {
    const best = free.toSorted((a, b) => b.reusable(tokens) - a.reusable(tokens))[0];
    if (best === undefined) return create();
    free.splice(free.indexOf(best), 1);
    return best;
  };

  return {
    async use(tokens, signal, work) {
      signal.throwIfAborted();
      // Who waited takes over the place of who woke it, so the count stays.
      if (busy >= size) await turn(signal);
      else busy++;
      let slot: Slot | undefined;
      try {
        slot = await take(tokens);
        return await work(slot);
      } finally {
        if (slot !== undefined) free.push(slot);
        const next = waiting.shift();
        if (next === undefined) busy--;
        else next();
        if (busy === 0) for (const done of idle.splice(0)) done();
      }
    },
    async drain() {
      if (busy > 0) await new Promise<void>((resolve) => idle.push(resolve));
      return free.splice(0);
    },
  };
}
