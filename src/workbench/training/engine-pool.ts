import { type EngineClient, startEngine } from '../../engine/index.ts';

/** A few engine processes that work through a list side by side. */
export interface EnginePool {
  /** Carries `work` out for every item, at most one an engine at a time. Ends at the first failure, which it throws. */
  each<Item>(items: readonly Item[], work: (item: Item, engine: EngineClient) => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

/** Engines are started when the first item needs them. */
export function createEnginePool(size: number, options: Parameters<typeof startEngine>[0] = {}): EnginePool {
  const engines: Promise<EngineClient>[] = [];
  return {
    async each(items, work) {
      const waiting = [...items];
      let failure: { readonly error: unknown } | undefined;
      const runner = async (index: number): Promise<void> => {
        for (let item = waiting.shift(); item !== undefined && failure === undefined; item = waiting.shift()) {
          try {
            engines[index] ??= startEngine(options);
            await work(item, await engines[index]);
          } catch (error) {
            failure ??= { error };
          }
        }
      };
      await Promise.all(Array.from({ length: Math.min(size, items.length) }, (_, index) => runner(index)));
      if (failure !== undefined) throw failure.error;
    },
    async close() {
      await Promise.allSettled(engines.map(async (engine) => (await engine).close()));
    },
  };
}
