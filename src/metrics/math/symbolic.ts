import { createRequire } from 'node:module';
import vm from 'node:vm';
import { functionNames, parts, size, type Expr } from './expression.ts';
import { rationalValue } from './square-root.ts';

/** What is used of nerdamer-prime: an expression's simplest form, as text. */
type Nerdamer = (source: string) => { toString(): string };

const require = createRequire(import.meta.url);
let loaded: Nerdamer | undefined;

/** Beyond these the library is not asked: it expands powers, and factors numbers. */
const limits = { nodes: 80, exponent: 24n, digits: 18, milliseconds: 400 };

/** Functions whose name and meaning are the same in the library. */
const shared = new Set<string>(
  functionNames.filter(
    (name) => !['ln', 'log', 'exp', 'binomial', 'arcsin', 'arccos', 'arctan', 'floor', 'ceil'].includes(name),
  ),
);
const renamed: Readonly<Record<string, string>> = {
  ln: 'log',
  exp: 'exp',
  arcsin: 'asin',
  arccos: 'acos',
  arctan: 'atan',
};

/** An expression in the library's notation; symbols are renamed, so that none is taken for a function or a constant. */
function write(expr: Expr, names: readonly string[]): string | undefined {
  const items = (list: readonly Expr[], between: string): string | undefined => {
    const written = list.map((item) => write(item, names));
    return written.includes(undefined) ? undefined : `(${written.join(between)})`;
  };
  switch (expr.kind) {
    case 'number': {
      const { n, d } = expr.value;
      return String(n).length + String(d).length > limits.digits ? undefined : `(${n}/${d})`;
    }
    case 'symbol':
      return `v${String.fromCharCode(97 + names.indexOf(expr.name))}`;
    case 'constant':
      return expr.name === 'infinity' ? undefined : expr.name;
    case 'add':
      return items(expr.items, '+');
    case 'multiply':
      return items(expr.items, '*');
    case 'power': {
      if (expr.exponent.kind === 'number') {
        const { n, d } = expr.exponent.value;
        if (n > limits.exponent || n < -limits.exponent || d > limits.exponent) return undefined;
      }
      return items([expr.base, expr.exponent], '^');
    }
    default: {
      if (expr.name === 'factorial' && !(Number(rationalValue(expr.items[0] as Expr)?.n ?? 0n) <= 170))
        return undefined;
      if (expr.name === 'log') {
        const [argument, base] = expr.items.map((item) => write(item, names));
        return argument === undefined || base === undefined ? undefined : `(log(${argument})/log(${base}))`;
      }
      const name = shared.has(expr.name) ? expr.name : renamed[expr.name];
      const written = items(expr.items, ',');
      return name === undefined || written === undefined ? undefined : `${name}${written}`;
    }
  }
}

function nestedPowers(expr: Expr): number {
  const deepest = Math.max(0, ...parts(expr).map(nestedPowers));
  return deepest + (expr.kind === 'power' ? 1 : 0);
}

const cache = new Map<string, boolean>();
let deadline = Infinity;

/**
 * Runs a grade within which the library gets one second in all: answers of many parts must not take that long for each.
 * Results of the library that are known already cost nothing.
 */
export function withinSymbolicBudget<T>(grade: () => T): T {
  if (deadline !== Infinity) return grade();
  deadline = performance.now() + 1000;
  try {
    return grade();
  } finally {
    deadline = Infinity;
  }
}

/**
 * Whether the computer-algebra library simplifies an expression to 0: true is a proof, false says nothing. The library is
 * loaded on first use. It is never asked about expressions beyond a size, and stopped after 400 ms.
 */
export function simplifiesToZero(expr: Expr, names: readonly string[]): boolean {
  if (names.length > 20 || size(expr) > limits.nodes || nestedPowers(expr) > 4) return false;
  const source = write(expr, names);
  if (source === undefined) return false;
  const known = cache.get(source);
  if (known !== undefined) return known;
  if (performance.now() > deadline) return false;
  loaded ??= require('nerdamer-prime/all') as Nerdamer;
  const library = loaded;
  let proven = false;
  try {
    // The time limit of a script stops whatever runs below it, our own function and the library included.
    proven = vm.runInNewContext(
      'simplify()',
      { simplify: () => library(`simplify(${source})`).toString() === '0' },
      { timeout: limits.milliseconds },
    ) as boolean;
  } catch {
    // Stopped midway the library may hold settings that were meant for a moment: a fresh one is loaded next time.
    for (const path of Object.keys(require.cache)) if (path.includes('nerdamer-prime')) delete require.cache[path];
    loaded = undefined;
  }
  if (cache.size >= 5000) cache.clear();
  cache.set(source, proven);
  return proven;
}
