import { FettleError } from './errors.ts';
import type { Budget } from './run.ts';

/** A run ended because a budget was reached. It can be resumed with a larger one. */
export const budgetExhaustedCode = 'budget-exhausted';

export interface Spending {
  calls: number;
  tokens: number;
  cost: number;
}

/** Counts what a run spends and says when a limit is reached. Time is counted from its making. */
export class BudgetMeter {
  readonly spent: Spending;
  readonly #limits: Budget;
  readonly #startedAt: number;
  readonly #now: () => number;

  /** `alreadySpent` is what earlier starts of the same run used. */
  constructor(
    limits: Budget = {},
    alreadySpent: Readonly<Spending> = { calls: 0, tokens: 0, cost: 0 },
    now: () => number = () => performance.now(),
  ) {
    this.spent = { ...alreadySpent };
    this.#limits = limits;
    this.#now = now;
    this.#startedAt = now();
  }

  /** Call before each call that costs; throws once a limit is reached. */
  assertOpen(): void {
    const reached = this.reached();
    if (reached !== undefined) {
      throw new FettleError(`The budget is used up: ${reached}.`, {
        code: budgetExhaustedCode,
        hint: 'Everything so far is kept. Go on with `fettle resume RUN --budget …` and a larger limit.',
      });
    }
  }

  /** Which limit is reached, in words; undefined while all are open. */
  reached(): string | undefined {
    const { calls, tokens, seconds, cost } = this.#limits;
    if (calls !== undefined && this.spent.calls >= calls) return `${this.spent.calls} of ${calls} calls`;
    if (tokens !== undefined && this.spent.tokens >= tokens) return `${this.spent.tokens} of ${tokens} tokens`;
    if (cost !== undefined && this.spent.cost >= cost) return `${this.spent.cost.toFixed(4)} of ${cost} in money`;
    if (seconds !== undefined && this.#now() - this.#startedAt >= seconds * 1000) return `${seconds} seconds`;
    return undefined;
  }

  add(tokens: number, cost: number): void {
    this.spent.calls += 1;
    this.spent.tokens += tokens;
    this.spent.cost += cost;
  }
}
