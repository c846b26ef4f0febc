import type { RunRecord, Store } from '../../core/index.ts';

export interface Spent {
  calls: number;
  tokens: number;
  cost: number;
}

/** What runs asked for and paid themselves, answers of other runs left out. */
export async function spentBy(store: Store, runs: readonly Pick<RunRecord, 'id'>[]): Promise<Spent> {
  const spent: Spent = { calls: 0, tokens: 0, cost: 0 };
  for (const { id } of runs) {
    for await (const call of store.calls(id)) {
      if (call.attempts === 0) continue;
      spent.calls += 1;
      spent.tokens += call.inputTokens + call.outputTokens;
    }
    for await (const result of store.results(id)) spent.cost += result.usage.cost ?? 0;
  }
  return spent;
}
