import type { AnswerForm } from './answer-form.ts';
import { equalExpressions } from './equality.ts';
import { multiply, numeral, subtract, symbols, type Expr, type Rational } from './expression.ts';
import { approximate } from './numeric.ts';

export interface Comparison {
  readonly same: boolean;
  /** What the verdict rests on. */
  readonly how: string;
  /** Why, for people. */
  readonly reason: string;
}

export interface CompareOptions {
  /** Whether integers must be written out, and fractions reduced where the gold answer is one. */
  readonly finished: boolean;
  readonly lists: 'ordered' | 'any-order';
}

const no = (how: string, reason: string): Comparison => ({ same: false, how, reason });
const yes = (how: string, reason: string): Comparison => ({ same: true, how, reason });

function gcd(a: bigint, b: bigint): bigint {
  let [x, y] = [a < 0n ? -a : a, b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}

/** The two integers of an answer that is one fraction of them, as written. */
function writtenFraction(source: string): Rational | undefined {
  const match =
    /^([-+]?)\s*(?:\\frac\s*\{\s*([-+]?\d+)\s*\}\s*\{\s*([-+]?\d+)\s*\}|\\frac\s*(\d)\s*(\d)|([-+]?\d+)\s*\/\s*(\d+))$/.exec(
      source,
    );
  if (match === null) return undefined;
  const [n, d] = [match[2] ?? match[4] ?? match[6], match[3] ?? match[5] ?? match[7]];
  if (n === undefined || d === undefined || n.length + d.length > 400) return undefined;
  const [top, bottom] = [BigInt(n.replace('+', '')), BigInt(d.replace('+', ''))];
  if (bottom === 0n) return undefined;
  return bottom < 0n ? { n: -top, d: -bottom } : { n: top, d: bottom };
}

const isInteger = (value: Rational | undefined): boolean => value !== undefined && value.n % value.d === 0n;

type Value = Extract<AnswerForm, { kind: 'value' }>;

function sameValue(a: Value, b: Value, { finished }: CompareOptions): Comparison {
  if (a.unit !== undefined && b.unit !== undefined && a.unit !== b.unit) {
    return no('unit', `the units differ: ${a.unit} and ${b.unit}`);
  }
  if (a.expr.kind === 'constant' && b.expr.kind === 'constant') {
    return a.expr.name === b.expr.name ? yes('symbolic', 'the same constant') : no('symbolic', 'two constants');
  }
  if (a.source === b.source) return yes('string', 'the texts are the same');
  const [x, y] = [numeral(a.expr), numeral(b.expr)];
  if (x !== undefined && y !== undefined) {
    const same = x.n * y.d === y.n * x.d;
    return same ? yes('number', 'the numbers are equal') : no('number', 'the numbers differ');
  }
  if (finished) {
    if (isInteger(x) !== isInteger(y)) return no('number', 'one is a written-out integer and the other is not');
    const [p, q] = [writtenFraction(a.source), writtenFraction(b.source)];
    if (p !== undefined && q !== undefined && gcd(p.n, p.d) !== 1n) return no('number', 'the fraction is not reduced');
  }
  const { equal, basis, reason } = equalExpressions(a.expr, b.expr);
  const how = basis === 'exact' && symbols(a.expr, b.expr).length === 0 ? 'number' : basis;
  return { same: equal, how, reason };
}

type Relation = Extract<AnswerForm, { kind: 'relation' }>;
const flipped: Readonly<Record<string, string>> = { '<': '>', '>': '<', '\\le': '\\ge', '\\ge': '\\le' };

/** Sides of relations are the same where left minus right agree up to a factor, which for an order is positive. */
function sameRelation(a: Relation, b: Relation): Comparison {
  const [p, q] = [subtract(a.left, a.right), subtract(b.left, b.right)];
  const names = symbols(p, q);
  const at = new Map(names.map((name, i) => [name, { re: 0.7310585 + 0.61803 * i, im: 0, error: 0 }] as const));
  const [x, y] = [approximate(p, at), approximate(q, at)];
  if (!(Math.abs(x.re) > 100 * x.error) || !(Math.abs(y.re) > 100 * y.error))
    return no('equation', 'it could not be decided');
  const order = a.relation !== '=' && a.relation !== '\\ne';
  const relation = order && x.re / y.re < 0 ? (flipped[a.relation] ?? '') : a.relation;
  if (relation !== b.relation) return no('equation', 'the relations differ');
  // p : q is the same at every point: p(z) q(0) = q(z) p(0), with exact values at one rational point.
  const exact = new Map(names.map((name, i) => [name, BigInt(3 + 2 * i)] as const));
  const fixed = (expr: Expr): Expr => substitute(expr, exact);
  const cross = equalExpressions(multiply(p, fixed(q)), multiply(q, fixed(p)));
  return {
    same: cross.equal,
    how: 'equation',
    reason: cross.equal ? 'both sides agree up to a factor' : 'the sides differ',
  };
}

function substitute(expr: Expr, at: ReadonlyMap<string, bigint>): Expr {
  switch (expr.kind) {
    case 'symbol':
      return { kind: 'number', value: { n: at.get(expr.name) ?? 1n, d: 1n } };
    case 'add':
    case 'multiply':
    case 'call':
      return { ...expr, items: expr.items.map((item) => substitute(item, at)) };
    case 'power':
      return { ...expr, base: substitute(expr.base, at), exponent: substitute(expr.exponent, at) };
    default:
      return expr;
  }
}

/** "x = 5" and "5": the side of an equation whose other side is a lone symbol (or a function of one, as f(x)). */
function assigned(form: AnswerForm): AnswerForm {
  if (form.kind !== 'relation' || form.relation !== '=') return form;
  const lone = form.left.kind === 'symbol' || /^[a-zA-Z]\s*\([a-zA-Z]\)\s*=/.test(form.source);
  if (!lone) return form;
  return {
    kind: 'value',
    expr: form.right,
    source: form.source.slice(form.source.indexOf('=') + 1).trim(),
    unit: undefined,
  };
}

function inOrder(a: readonly AnswerForm[], b: readonly AnswerForm[], options: CompareOptions, how: string): Comparison {
  if (a.length !== b.length) return no(how, `${a.length} parts, and ${b.length} are expected`);
  for (const [i, item] of a.entries()) {
    const part = sameAnswer(item, b[i] as AnswerForm, options);
    if (!part.same) return no(how, `part ${i + 1}: ${part.reason}`);
  }
  return yes(how, 'all parts are equal');
}

/** Each part of one has its own equal among the parts of the other. */
function anyOrder(
  a: readonly AnswerForm[],
  b: readonly AnswerForm[],
  options: CompareOptions,
  how: string,
): Comparison {
  if (a.length !== b.length) return no(how, `${a.length} parts, and ${b.length} are expected`);
  const left = [...b];
  for (const [i, item] of a.entries()) {
    const at = left.findIndex((other) => sameAnswer(item, other, options).same);
    if (at < 0) return no(how, `part ${i + 1} is not among the expected ones`);
    left.splice(at, 1);
  }
  return yes(how, 'the parts are the same, in any order');
}

/** Whether an answer is the same as the gold answer. */
export function sameAnswer(answer: AnswerForm, gold: AnswerForm, options: CompareOptions): Comparison {
  if (answer.kind === 'relation' && gold.kind === 'relation') {
    const [x, y] = [assigned(answer), assigned(gold)];
    const bothAssign = x.kind === 'value' && y.kind === 'value';
    // x = 5 and y = 5 answer different questions, y = 2x and 2x = y the same.
    const sameSymbol =
      answer.left.kind === 'symbol' && gold.left.kind === 'symbol' && answer.left.name === gold.left.name;
    return bothAssign && sameSymbol ? sameValue(x, y, options) : sameRelation(answer, gold);
  }
  const [a, b] = [assigned(answer), assigned(gold)];
  if (a.kind === 'value' && b.kind === 'value') return sameValue(a, b, options);
  if (a.kind === 'text' && b.kind === 'text') {
    return a.text === b.text && a.text !== '' ? yes('text', 'the words are the same') : no('text', 'the words differ');
  }
  if (a.kind === 'list' && b.kind === 'list') {
    const fromSign = options.lists === 'any-order';
    return fromSign ? anyOrder(a.items, b.items, options, 'list') : inOrder(a.items, b.items, options, 'list');
  }
  if (a.kind === 'set' && b.kind === 'set') return anyOrder(a.items, b.items, options, 'set');
  if (a.kind === 'union' && b.kind === 'union') return anyOrder(a.items, b.items, options, 'union');
  if (a.kind === 'tuple' && b.kind === 'tuple') {
    if (a.open !== b.open || a.close !== b.close) return no('tuple', 'the brackets differ');
    return inOrder(a.items, b.items, options, 'tuple');
  }
  if (a.kind === 'matrix' && b.kind === 'matrix') {
    if (a.rows.some((row, i) => row.length !== b.rows[i]?.length)) return no('matrix', 'the shapes differ');
    return inOrder(a.rows.flat(), b.rows.flat(), options, 'matrix');
  }
  if (a.kind === 'based' && b.kind === 'based') {
    const same = a.digits === b.digits && a.base === b.base;
    return same ? yes('base', 'the same numeral in the same base') : no('base', 'the numerals or their bases differ');
  }
  if (a.kind === 'colon' && b.kind === 'colon') {
    const same =
      a.items.join(':') === b.items.join(':') && (a.suffix === b.suffix || a.suffix === '' || b.suffix === '');
    return same ? yes('colon', 'the same time or ratio') : no('colon', 'the times or ratios differ');
  }
  // A lone letter is a symbol by itself and a word in \text{}.
  const word = (form: AnswerForm): string | undefined =>
    form.kind === 'text'
      ? form.text
      : form.kind === 'value'
        ? form.source.replace(/[\s()]/g, '').toLowerCase()
        : undefined;
  const [x, y] = [word(a), word(b)];
  if (x !== undefined && x === y && x !== '') return yes('text', 'the words are the same');
  return no('form', `the answer is a ${a.kind}, and a ${b.kind} is expected`);
}
