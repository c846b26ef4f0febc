import type { Store } from '../../core/index.ts';
import type { CallFigures, MethodUsage } from '../../report/index.ts';

type Sums = { -readonly [field in keyof CallFigures]: number };

const none = (): Sums => ({ calls: 0, inputTokens: 0, outputTokens: 0, latencyMs: 0 });

function add(sums: Sums, call: Omit<CallFigures, 'calls'>): void {
  sums.calls += 1;
  sums.inputTokens += call.inputTokens;
  sums.outputTokens += call.outputTokens;
  sums.latencyMs += call.latencyMs;
}

/**
 * What a run used, from its journal: in all and by role as if it had asked for every answer itself, and what it did ask
 * for. Money is of samples with a result, by the price list that held then.
 */
export async function usageOfRun(store: Store, runId: string): Promise<MethodUsage> {
  const [alone, paid] = [none(), none()];
  const roles: Record<string, Sums> = {};
  for await (const call of store.calls(runId)) {
    add(alone, call);
    add((roles[call.role] ??= none()), call);
    if (call.attempts > 0) add(paid, call);
  }
  let cost: number | undefined;
  let borrowedCost = 0;
  for await (const { usage } of store.results(runId)) {
    if (usage.cost !== undefined) cost = (cost ?? 0) + usage.cost;
    borrowedCost += usage.borrowedCost ?? 0;
  }
  return {
    alone: { ...alone, ...(cost === undefined ? {} : { cost: cost + borrowedCost }) },
    roles,
    paid: { ...paid, ...(cost === undefined ? {} : { cost }) },
  };
}
