import { pythonStrip } from '../python/index.ts';

/** Raised where the released normaliser fails: it then leaves the answer as it is. */
class Failure extends Error {}

const count = (text: string, part: string): number => text.split(part).length - 1;

function withoutRightUnits(text: string): string {
  if (!text.includes('\\text{ ')) return text;
  const pieces = text.split('\\text{ ');
  if (pieces.length !== 2) throw new Failure();
  return pieces[0] as string;
}

/** `\sqrt3` as `\sqrt{3}`. */
function bracedRoots(text: string): string {
  const [first = '', ...rest] = text.split('\\sqrt');
  let result = first;
  for (const piece of rest) {
    if (piece === '') throw new Failure();
    const [digit] = [...piece];
    result += piece.startsWith('{')
      ? `\\sqrt${piece}`
      : `\\sqrt{${digit as string}}${piece.slice((digit as string).length)}`;
  }
  return result;
}

/** `\frac12` and `\frac1{72}` with braces around both parts. */
function bracedFractions(text: string): string {
  const [first = '', ...rest] = text.split('\\frac');
  let result = first;
  for (const piece of rest) {
    result += '\\frac';
    if (piece === '') throw new Failure();
    if (piece.startsWith('{')) {
      result += piece;
      continue;
    }
    const [a, b, ...others] = [...piece];
    if (a === undefined || b === undefined) return text;
    result += b === '{' ? `{${a}}${b}${others.join('')}` : `{${a}}{${b}}${others.join('')}`;
  }
  return result;
}

function slashAsFraction(text: string): string {
  const match = /^(-?(?:0|[1-9]\d*))\/(-?(?:0|[1-9]\d*))$/.exec(text);
  if (match === null || match[1] === '-0' || match[2] === '-0') return text;
  return `\\frac{${match[1] as string}}{${match[2] as string}}`;
}

function strip(answer: string): string {
  let text = answer
    .replaceAll('\n', '')
    .replaceAll('\\!', '')
    .replaceAll('\\\\', '\\')
    .replaceAll('tfrac', 'frac')
    .replaceAll('dfrac', 'frac')
    .replaceAll('\\left', '')
    .replaceAll('\\right', '')
    .replaceAll('^{\\circ}', '')
    .replaceAll('^\\circ', '')
    .replaceAll('\\$', '');
  text = withoutRightUnits(text).replaceAll('\\%', '').replaceAll(' .', ' 0.').replaceAll('{.', '{0.');
  if (text === '') return text;
  if (text.startsWith('.')) text = `0${text}`;
  if (count(text, '=') === 1) {
    const assigned = /^.{0,2}=/u.exec(text);
    if (assigned !== null) text = text.slice(assigned[0].length);
  }
  text = bracedFractions(bracedRoots(text).replaceAll(' ', ''));
  if (text === '0.5') return '\\frac{1}{2}';
  return slashAsFraction(text);
}

/** The normaliser of the MATH data set, as the grader of PRM800K uses it. */
export function mathNormalize(answer: string): string {
  const trimmed = pythonStrip(answer);
  const text = /^\\text\{([^\n]+?)\}$/.exec(trimmed);
  const inner = text === null ? trimmed : pythonStrip(text[1] as string);
  try {
    return strip(inner);
  } catch (error) {
    if (error instanceof Failure) return inner;
    throw error;
  }
}
