import type { ModelRole, RoleUsage, UsageTotals } from '../core/index.ts';

type Sums = { inputTokens: number; outputTokens: number; calls: number; cost: number | undefined };

/** Adds up what samples used, by role too where any asked models besides the main one. */
export class UsageSum {
  readonly #totals = { inputTokens: 0, outputTokens: 0, calls: 0, wastedCalls: 0, replayedCalls: 0 };
  #cost: number | undefined;
  #borrowedCost = 0;
  #told = false;
  readonly #roles: { [role in ModelRole]?: Sums } = {};

  add(usage: UsageTotals): void {
    const totals = this.#totals;
    for (const key in totals) totals[key as keyof typeof totals] += usage[key as keyof typeof totals];
    if (usage.cost !== undefined) this.#cost = (this.#cost ?? 0) + usage.cost;
    this.#borrowedCost += usage.borrowedCost ?? 0;
    if (usage.roles === undefined) {
      this.#addTo('main', usage);
      return;
    }
    this.#told = true;
    for (const [role, used] of Object.entries(usage.roles)) this.#addTo(role as ModelRole, used);
  }

  #addTo(role: ModelRole, { inputTokens, outputTokens, calls, cost }: RoleUsage): void {
    const sums = (this.#roles[role] ??= { inputTokens: 0, outputTokens: 0, calls: 0, cost: undefined });
    sums.inputTokens += inputTokens;
    sums.outputTokens += outputTokens;
    sums.calls += calls;
    if (cost !== undefined) sums.cost = (sums.cost ?? 0) + cost;
  }

  get totals(): UsageTotals {
    const roles: { [role in ModelRole]?: RoleUsage } = {};
    for (const [role, { cost, ...sums }] of Object.entries(this.#roles)) {
      roles[role as ModelRole] = cost === undefined ? sums : { ...sums, cost };
    }
    return {
      ...this.#totals,
      ...(this.#cost !== undefined && { cost: this.#cost }),
      ...(this.#borrowedCost > 0 && { borrowedCost: this.#borrowedCost }),
      ...(this.#told && { roles }),
    };
  }
}
