import type { ModelRole } from './model.ts';
import type { RoleUsage, UsageTotals } from './result.ts';

interface Counted {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** In money, whoever paid. */
  readonly cost: number;
  /** False where another run paid for it. */
  readonly paid: boolean;
}

/** Adds up what one sample's calls use, in all and by role. */
export class UsageMeter {
  #wasted = 0;
  #replayed = 0;
  #priced = false;
  #borrowedCost = 0;
  readonly #roles = new Map<ModelRole, { inputTokens: number; outputTokens: number; calls: number; cost: number }>();

  /** Some model of the run has prices: totals name a cost, though it be 0. */
  priced(): void {
    this.#priced = true;
  }

  wasted(attempts: number): void {
    this.#wasted += attempts;
  }

  replayed(): void {
    this.#replayed += 1;
  }

  count(role: ModelRole, { inputTokens, outputTokens, cost, paid }: Counted): void {
    let used = this.#roles.get(role);
    if (used === undefined) this.#roles.set(role, (used = { inputTokens: 0, outputTokens: 0, calls: 0, cost: 0 }));
    used.inputTokens += inputTokens;
    used.outputTokens += outputTokens;
    used.calls += 1;
    if (paid) used.cost += cost;
    else this.#borrowedCost += cost;
  }

  get totals(): UsageTotals {
    let [inputTokens, outputTokens, calls, cost] = [0, 0, 0, 0];
    const roles: { [role in ModelRole]?: RoleUsage } = {};
    for (const [role, used] of this.#roles) {
      inputTokens += used.inputTokens;
      outputTokens += used.outputTokens;
      calls += used.calls;
      const { cost: paid, ...counts } = used;
      cost += paid;
      roles[role] = this.#priced ? { ...counts, cost: paid } : counts;
    }
    // Where the main model alone was asked, its share is the total.
    const told = this.#roles.size > 1 || (this.#roles.size === 1 && !this.#roles.has('main'));
    return {
      inputTokens,
      outputTokens,
      calls,
      wastedCalls: this.#wasted,
      replayedCalls: this.#replayed,
      ...(this.#priced ? { cost } : {}),
      ...(this.#borrowedCost > 0 ? { borrowedCost: this.#borrowedCost } : {}),
      ...(told ? { roles } : {}),
    };
  }
}
