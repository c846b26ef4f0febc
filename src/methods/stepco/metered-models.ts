import { aroundCalls, type MethodContext, type Model, type Usage } from '../../core/index.ts';

export interface Spent {
  readonly calls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export interface RoundTokens {
  readonly solver: Spent;
  readonly verifier: Spent;
}

class Counter {
  #calls = 0;
  #input = 0;
  #output = 0;

  add(usage: Usage): void {
    this.#calls += 1;
    this.#input += usage.inputTokens ?? 0;
    this.#output += usage.outputTokens ?? 0;
  }

  get spent(): Spent {
    return { calls: this.#calls, inputTokens: this.#input, outputTokens: this.#output };
  }
}

/** The same model, its calls counted. */
function counted(model: Model, counter: Counter): Model {
  return aroundCalls(model, async (make, options) => {
    const response = await make(options);
    counter.add(response.usage);
    return response;
  });
}

/** Models that count what solving and verifying take, apart, also where one model does both. */
export function meteredModels(models: MethodContext['models']): {
  readonly models: MethodContext['models'];
  /** All so far. */
  readonly total: () => RoundTokens;
  /** Since it was last asked. */
  readonly take: () => RoundTokens;
} {
  const solver = new Counter();
  const verifier = new Counter();
  let before: RoundTokens = { solver: solver.spent, verifier: verifier.spent };
  const total = (): RoundTokens => ({ solver: solver.spent, verifier: verifier.spent });
  return {
    models: {
      ...models,
      main: counted(models.main, solver),
      verifier: counted(models.verifier ?? models.main, verifier),
    },
    total,
    take() {
      const now = total();
      const since = { solver: minus(now.solver, before.solver), verifier: minus(now.verifier, before.verifier) };
      before = now;
      return since;
    },
  };
}

function minus(a: Spent, b: Spent): Spent {
  return {
    calls: a.calls - b.calls,
    inputTokens: a.inputTokens - b.inputTokens,
    outputTokens: a.outputTokens - b.outputTokens,
  };
}

export function tokensOf({ solver, verifier }: RoundTokens): number {
  return solver.inputTokens + solver.outputTokens + verifier.inputTokens + verifier.outputTokens;
}
