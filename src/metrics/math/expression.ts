/** An exact rational number, the denominator positive; not necessarily in lowest terms. */
export interface Rational {
  readonly n: bigint;
  readonly d: bigint;
}

/** A mathematical expression. Subtraction and division are sums and products of negated and inverted parts. */
export type Expr =
  | { readonly kind: 'number'; readonly value: Rational }
  | { readonly kind: 'symbol'; readonly name: string }
  | { readonly kind: 'constant'; readonly name: 'pi' | 'e' | 'i' | 'infinity' }
  | { readonly kind: 'add'; readonly items: readonly Expr[] }
  | { readonly kind: 'multiply'; readonly items: readonly Expr[] }
  | { readonly kind: 'power'; readonly base: Expr; readonly exponent: Expr }
  | { readonly kind: 'call'; readonly name: FunctionName; readonly items: readonly Expr[] };

/** Functions of one argument, but `log` (argument, base) and `binomial` (n, k). */
export const functionNames = [
  'sin',
  'cos',
  'tan',
  'cot',
  'sec',
  'csc',
  'arcsin',
  'arccos',
  'arctan',
  'sinh',
  'cosh',
  'tanh',
  'ln',
  'log',
  'exp',
  'abs',
  'floor',
  'ceil',
  'factorial',
  'binomial',
] as const;
export type FunctionName = (typeof functionNames)[number];

export const number = (n: bigint, d = 1n): Expr => ({ kind: 'number', value: d < 0n ? { n: -n, d: -d } : { n, d } });
export const symbol = (name: string): Expr => ({ kind: 'symbol', name });
export const add = (...items: Expr[]): Expr => ({ kind: 'add', items });
export const multiply = (...items: Expr[]): Expr => ({ kind: 'multiply', items });
export const power = (base: Expr, exponent: Expr): Expr => ({ kind: 'power', base, exponent });
export const call = (name: FunctionName, ...items: Expr[]): Expr => ({ kind: 'call', name, items });
export const negate = (item: Expr): Expr => multiply(number(-1n), item);
export const invert = (item: Expr): Expr => power(item, number(-1n));
export const subtract = (a: Expr, b: Expr): Expr => add(a, negate(b));

/** The parts of an expression. */
export function parts(expr: Expr): readonly Expr[] {
  if (expr.kind === 'power') return [expr.base, expr.exponent];
  return expr.kind === 'add' || expr.kind === 'multiply' || expr.kind === 'call' ? expr.items : [];
}

/** Names of the symbols, sorted. */
export function symbols(...exprs: readonly Expr[]): string[] {
  const found = new Set<string>();
  const visit = (expr: Expr): void => {
    if (expr.kind === 'symbol') found.add(expr.name);
    for (const part of parts(expr)) visit(part);
  };
  for (const expr of exprs) visit(expr);
  return [...found].sort();
}

/** Number of nodes. */
export function size(expr: Expr): number {
  return parts(expr).reduce((sum, part) => sum + size(part), 1);
}

/** The number that an expression is without anything left to do but signs, undefined for all others. */
export function numeral(expr: Expr): Rational | undefined {
  if (expr.kind === 'number') return expr.value;
  if (expr.kind !== 'multiply' || expr.items.length !== 2) return undefined;
  const [sign, rest] = expr.items as [Expr, Expr];
  if (sign.kind !== 'number' || sign.value.n !== -1n || sign.value.d !== 1n) return undefined;
  const value = numeral(rest);
  return value === undefined ? undefined : { n: -value.n, d: value.d };
}
