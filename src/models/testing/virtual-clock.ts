import type { Clock } from '../clock.ts';

/** Time that passes only when a test says so: timers fire in order, promises settle in between. */
export interface VirtualClock extends Clock {
  /** Fires what is due until `untilMs`, letting promise callbacks run after each timer. */
  runUntil(untilMs: number): Promise<void>;
}

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly callback: () => void;
  cancelled: boolean;
}

export function createVirtualClock(): VirtualClock {
  let now = 0;
  let order = 0;
  const heap: Timer[] = [];
  const earlier = (a: Timer, b: Timer): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

  function push(timer: Timer): void {
    let i = heap.push(timer) - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!earlier(timer, heap[parent] as Timer)) break;
      heap[i] = heap[parent] as Timer;
      i = parent;
    }
    heap[i] = timer;
  }

  function pop(): Timer {
    const first = heap[0] as Timer;
    const last = heap.pop() as Timer;
    if (heap.length === 0) return first;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && earlier(heap[child + 1] as Timer, heap[child] as Timer)) child += 1;
      if (!earlier(heap[child] as Timer, last)) break;
      heap[i] = heap[child] as Timer;
      i = child;
    }
    heap[i] = last;
    return first;
  }

  return {
    now: () => now,
    after(delayMs, callback) {
      const timer: Timer = { at: now + Math.max(0, delayMs), order: order++, callback, cancelled: false };
      push(timer);
      return () => {
        timer.cancelled = true;
      };
    },
    async runUntil(untilMs) {
      for (let i = 0; i < 30; i++) await Promise.resolve();
      while (heap.length > 0 && (heap[0] as Timer).at <= untilMs) {
        const timer = pop();
        if (timer.cancelled) continue;
        now = timer.at;
        timer.callback();
        for (let i = 0; i < 30; i++) await Promise.resolve();
      }
      now = untilMs;
    },
  };
}
