import { pythonFloat, pythonStrip } from '../python/index.ts';
import type { MathGrade } from './grade.ts';
import { evaluatePythonExpression } from './python-expression.ts';
import { divideIntegers, PythonError, toFloat, type PythonValue } from './python-value.ts';

/** What the released normaliser of StepCo makes of an answer: a value, or the exception that it raises. */
export type ReferenceReading =
  | { readonly ok: true; readonly value: PythonValue }
  | { readonly ok: false; readonly error: string; readonly message: string };

export interface ReferenceGrade extends MathGrade {
  /** Class of the exception that the released code raises, null where it gives a verdict. */
  readonly error: string | null;
}

const deleted = /[,<>[\]\\{}$*]|\p{L}/gu;
const boxed = /\\boxed\{([^\n]*?)\}/u;

/** What both branches delete, up to the final point. */
function plain(text: string): string {
  const kept = pythonStrip(text.replace(deleted, '').replace(/[()]/g, ''));
  return kept.endsWith('.') ? pythonStrip(kept.slice(0, -1)) : kept;
}

/** `float(text without its last percent signs) / 100`. */
function percentValue(text: string): PythonValue {
  const number = pythonFloat(text.replace(/%+$/, ''));
  if (number === undefined) throw new PythonError('ValueError', `could not convert string to float: '${text}'`);
  return { type: 'float', value: number / 100 };
}

function boxedValue(content: string): PythonValue {
  const text = plain(content.replaceAll(':', '.'));
  if (text.includes('%')) return percentValue(text);
  return evaluatePythonExpression(text.split(' ', 1)[0] as string);
}

function lastTokenValue(reply: string): PythonValue {
  let text = plain(reply).split(' ').at(-1) as string;
  if (['', '-', '=', '+', '.'].includes(text)) return { type: 'int', value: 0n };
  text = text.replaceAll(':', '.');
  if (/^[./]/.test(text)) text = text.slice(1);
  if (/[./]$/.test(text)) text = text.slice(0, -1);
  if (text.includes('%')) return percentValue(text);
  return evaluatePythonExpression(text);
}

function read(answer: string | number): PythonValue {
  if (typeof answer === 'number') return { type: 'float', value: answer };
  const box = boxed.exec(answer);
  return box === null ? lastTokenValue(answer) : boxedValue(box[1] as string);
}

/**
 * The value that the released code of StepCo (`post_process_value`) reads from an answer, faults included: `1e3` is 13,
 * `2^3` is 1, `.5` is 5 outside a box, and any word is 0. A number passes as the float that it is.
 */
export function readReference(answer: string | number): ReferenceReading {
  try {
    return { ok: true, value: read(answer) };
  } catch (error) {
    if (error instanceof PythonError) return { ok: false, error: error.pythonClass, message: error.message };
    throw error;
  }
}

/** Python's `math.isclose(a, b, rel_tol=1e-5, abs_tol=1e-5)`. */
function isClose(a: number, b: number): boolean {
  if (a === b) return true;
  if (!Number.isFinite(a) || !Number.isFinite(b)) return false;
  const difference = Math.abs(b - a);
  return difference <= Math.abs(1e-5 * b) || difference <= Math.abs(1e-5 * a) || difference <= 1e-5;
}

function hundredth(value: PythonValue): number {
  return value.type === 'int' ? divideIntegers(value.value, 100n) : toFloat(value) / 100;
}

/**
 * The released rule of equality: within 1e-5, relative or absolute, as they stand or with either one divided by 100.
 * @throws PythonError where Python raises: a text or a tuple, an integer beyond the range of floats.
 */
export function referenceClose(gold: PythonValue, predicted: PythonValue): boolean {
  if (isClose(toFloat(gold), toFloat(predicted))) return true;
  return isClose(hundredth(gold), toFloat(predicted)) || isClose(toFloat(gold), hundredth(predicted));
}

/** A value for people; long integers are cut. */
function shown(value: PythonValue): string {
  if (value.type === 'int' || value.type === 'float' || value.type === 'bool' || value.type === 'str') {
    const text = String(value.value);
    return text.length > 40 ? `${text.slice(0, 37)}...` : text;
  }
  return value.type;
}

/**
 * Grades as the released code of StepCo does (spec 4.1 and 4.2). Where that code raises, the answer is wrong, unparsed,
 * and `error` names the class of the exception. A gold text goes through the same normaliser.
 */
export function gradeReference(answer: string | number, gold: string | number): ReferenceGrade {
  const failed = (side: string, error: string, message: string): ReferenceGrade => ({
    right: false,
    parsed: false,
    how: 'error',
    explanation: `the released code raises ${error} on the ${side}${message === '' ? '' : `: ${message}`}`,
    error,
  });
  const predicted = readReference(answer);
  if (!predicted.ok) return failed('answer', predicted.error, predicted.message);
  const expected = readReference(gold);
  if (!expected.ok) return failed('gold answer', expected.error, expected.message);
  try {
    const right = referenceClose(expected.value, predicted.value);
    const relation = right ? 'agrees with' : 'differs from';
    const explanation = `${shown(predicted.value)} ${relation} ${shown(expected.value)} within 1e-5, or by a factor of 100`;
    return { right, parsed: true, how: 'number', explanation, error: null };
  } catch (error) {
    if (error instanceof PythonError) return failed('comparison', error.pythonClass, error.message);
    throw error;
  }
}
