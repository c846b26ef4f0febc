/** Places for work, and a queue for those that find none. */
export interface FairQueue {
  /**
   * Takes `count` places, one a resolved `release`; undefined where neither places nor queue have room for all.
   * Places that come free go round the clients that wait, each in its own order: one that sends hundreds at once does
   * not keep another waiting for all of them.
   */
  enter(client: string, count: number, signal: AbortSignal): Promise<() => void>[] | undefined;
  /** Sends away all that wait, with this error, and whoever comes later. */
  close(reason: Error): void;
  readonly active: number;
  readonly waiting: number;
}

interface Waiter {
  grant(): void;
  refuse(reason: Error): void;
}

export function createFairQueue(options: { readonly places: number; readonly queue: number }): FairQueue {
  const { places, queue } = options;
  /** Clients in the order of their turns; a client's own requests in the order of their coming. */
  const lines = new Map<string, Set<Waiter>>();
  let active = 0;
  let waiting = 0;
  let closed: Error | undefined;

  const remove = (client: string, waiter: Waiter): void => {
    const line = lines.get(client);
    if (line?.delete(waiter) !== true) return;
    waiting -= 1;
    if (line.size === 0) lines.delete(client);
  };

  const release = (): (() => void) => {
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      active -= 1;
      admit();
    };
  };

  function admit(): void {
    while (active < places) {
      const turn = lines.entries().next();
      if (turn.done === true) return;
      const [client, line] = turn.value;
      const [waiter] = line;
      // To the end of the round.
      lines.delete(client);
      lines.set(client, line);
      if (waiter === undefined) return;
      remove(client, waiter);
      active += 1;
      waiter.grant();
    }
  }

  function wait(client: string, signal: AbortSignal): Promise<() => void> {
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        remove(client, waiter);
        reject(signal.reason as Error);
      };
      const waiter: Waiter = {
        grant() {
          signal.removeEventListener('abort', onAbort);
          resolve(release());
        },
        refuse(reason) {
          signal.removeEventListener('abort', onAbort);
          reject(reason);
        },
      };
      signal.addEventListener('abort', onAbort, { once: true });
      let line = lines.get(client);
      if (line === undefined) lines.set(client, (line = new Set()));
      line.add(waiter);
      waiting += 1;
    });
  }

  return {
    enter(client, count, signal) {
      if (closed !== undefined) return [Promise.reject(closed)];
      if (signal.aborted) return [Promise.reject(signal.reason as Error)];
      const free = waiting > 0 ? 0 : Math.max(0, places - active);
      if (count > free + queue - waiting) return undefined;
      return Array.from({ length: count }, () => {
        if (waiting === 0 && active < places) {
          active += 1;
          return Promise.resolve(release());
        }
        return wait(client, signal);
      });
    },
    close(reason) {
      closed = reason;
      const all = [...lines.values()].flatMap((line) => [...line]);
      lines.clear();
      waiting = 0;
      for (const waiter of all) waiter.refuse(reason);
    },
    get active() {
      return active;
    },
    get waiting() {
      return waiting;
    },
  };
}
