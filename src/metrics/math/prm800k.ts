import { pythonFloat, pythonStrip } from '../python/index.ts';
import { equalExpressions } from './equality.ts';
import { latexToText } from './latex-to-text.ts';
import { mathNormalize } from './math-normalize.ts';
import { readExpression } from './read-expression.ts';
import { withinSymbolicBudget } from './symbolic.ts';

const units = 'degree cm centimeter meter mile second minute hour day week month year foot feet inch yard'
  .split(' ')
  .map((unit) => new RegExp(`${unit}(?:es)?s? *(?:\\^[0-9]+)?`, 'g'));
const brackets = '()[]';

const nearInteger = (value: number): boolean => Number.isFinite(value) && Math.abs(value - Math.round(value)) <= 1e-7;

function withoutThousands(text: string): string {
  let next = text;
  for (;;) {
    const before: string = next;
    next = before.replace(/(\d),(\d\d\d)($|\D)/g, '$1$2$3');
    if (next === before) return next;
  }
}

function isInteger(text: string): boolean {
  const value = pythonFloat(withoutThousands(text));
  return value !== undefined && nearInteger(value);
}

const isFraction = (text: string): boolean => /^-?[0-9]+.?\/0*[1-9][0-9]*.?$/.test(text);

function latexAsText(text: string): string {
  const spaced = text.replaceAll('\\tfrac', '\\frac').replaceAll('\\dfrac', '\\frac').replaceAll('\\frac', ' \\frac');
  const plain = latexToText(spaced)
    .replaceAll('√', 'sqrt')
    .replaceAll('π', 'pi')
    .replaceAll('∞', 'inf')
    .replaceAll('∪', 'U')
    .replaceAll('·', '*')
    .replaceAll('×', '*');
  return pythonStrip(plain);
}

function normalize(answer: string): string {
  let text = /^\\text\{([^\n]+?)\}$/.exec(answer)?.[1] ?? answer;
  text = text.replaceAll('\\%', '%').replaceAll('\\$', '$').replace(/[$%]/g, '');
  text = text.replaceAll(' or ', ' , ').replaceAll(' and ', ' , ');
  text = text.replaceAll('million', '*10^6').replaceAll('billion', '*10^9').replaceAll('trillion', '*10^12');
  for (const unit of units) text = text.replace(unit, '');
  text = text.replace(/\^ *\\circ/g, '');
  if (text.startsWith('{') && text.endsWith('}')) text = text.slice(1, -1);
  text = text.replace(/,\\! */g, '');
  const value = pythonFloat(text);
  if (value !== undefined && nearInteger(value)) text = String(BigInt(Math.round(value)));
  if (text.includes('\\')) {
    try {
      text = latexAsText(text);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
  }
  text = text
    .replace(/- */g, '-')
    .replace(/([0-9]) +([0-9])/g, '$1+$2')
    .replace(/[ {}]/g, '')
    .toLowerCase();
  if (isInteger(text)) {
    const whole = pythonFloat(text.replaceAll(',', ''));
    if (whole !== undefined) text = String(BigInt(Math.trunc(whole)));
  }
  return text;
}

/** What the released grader hands to SymPy: at most two kinds of letters, and no exponent that could take long. */
function allowed(expression: string): boolean {
  const letters = new Set(expression.replaceAll('sqrt', '').replaceAll('frac', '').match(/\p{L}/gu) ?? []);
  return letters.size <= 2 && !/\^[{(]|\^[0-9]+\^|\^[0-9][0-9]+/.test(expression);
}

/** Names that SymPy would take for one word or for a function, where ours would take them apart. */
const oddNames = /[a-z]sqrt|sqrt[a-z\d]|[a-z]pi|pi[a-z\d]|\bln\b(?!\()|ln\d|[a-z]_|\\/;

/** A letter before a digit is a product for SymPy: x2 is x*2. */
const asProducts = (text: string): string => text.replace(/(?<![\d.])([a-z])(?=\d)/g, '$1*');

function equalUnderSymbols(gold: string, given: string): boolean {
  if (!allowed(`(${gold})-(${given})`) || oddNames.test(gold) || oddNames.test(given)) return false;
  const [a, b] = [readExpression(asProducts(gold), 'symbols'), readExpression(asProducts(given), 'symbols')];
  return a !== undefined && b !== undefined && equalExpressions(a, b, 'complex').equal;
}

function elements(text: string): string[] {
  const plain = withoutThousands(text);
  if (plain === '') return [];
  const inside = plain.slice(1, -1);
  const enclosed =
    plain.length > 2 &&
    brackets.includes(plain[0] as string) &&
    brackets.includes(plain.at(-1) as string) &&
    ![...brackets].some((bracket) => inside.includes(bracket));
  return enclosed ? inside.split(',').map(pythonStrip) : [plain];
}

function sameElement(gold: string, given: string): boolean {
  if (isFraction(gold) && isFraction(given)) return gold === given;
  if (isInteger(gold) !== isInteger(given)) return false;
  return equalUnderSymbols(gold, given);
}

function grade(answer: string, gold: string): boolean {
  if (mathNormalize(gold) === mathNormalize(answer)) return true;
  const [a, b] = [normalize(gold), normalize(answer)];
  if (a === b) return true;
  if (b === '') return false;
  const [expected, given] = [elements(a), elements(b)];
  if (expected.length > 1 && (a[0] !== b[0] || a.at(-1) !== b.at(-1))) return false;
  if (expected.length !== given.length || expected.length === 0) return false;
  return expected.every((element, i) => sameElement(element, given[i] as string));
}

/**
 * Grades as the grader of PRM800K does (Lightman et al. 2023, arXiv 2305.20050): equal after the normaliser of MATH, or
 * after its own; else part by part, where fractions must be written alike, integers match as integers, and what is left must
 * be equal for all complex values of its symbols. Our symbolic equality stands for SymPy's `simplify(a - b) == 0`, which can
 * miss an equality that holds. A null answer is wrong.
 */
export function gradePrm800k(answer: string | null, gold: string): boolean {
  if (answer === null) return false;
  return withinSymbolicBudget(() => grade(answer, gold));
}
