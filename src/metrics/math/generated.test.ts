import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { extractMathAnswer, gradePrm800k, gradeReference, gradeStrict, readReference } from './index.ts';

/** A formula as LaTeX, with another way to write the same and one to write something else. */
interface Formula {
  readonly text: string;
  readonly same: string;
  readonly other: string;
}

const small = fc.integer({ min: 2, max: 60 });
const letter = fc.constantFrom('x', 'y', 'a', 'n');
const atom: fc.Arbitrary<Formula> = fc.oneof(
  small.map((n) => ({ text: `${n}`, same: `\\frac{${2 * n}}{2}`, other: `${n + 1}` })),
  fc
    .tuple(small, small)
    .map(([a, b]) => ({ text: `\\frac{${a}}{${b}}`, same: `${a}/${b}`, other: `\\frac{${a}}{${b + 1}}` })),
  letter.map((x) => ({ text: x, same: `(2${x}-${x})`, other: `${x}^2` })),
  small.map((n) => ({ text: `\\sqrt{${n * n * 3}}`, same: `${n}\\sqrt3`, other: `\\sqrt{${n * n * 3 + 1}}` })),
  small.map((n) => ({ text: `${n}\\pi`, same: `\\pi\\cdot ${n}`, other: `${n}.1\\pi` })),
  letter.map((x) => ({ text: `\\sin ${x}`, same: `\\sin(${x})`, other: `\\cos ${x}` })),
  fc
    .integer({ min: 1, max: 999 })
    .map((n) => ({ text: `${n / 100}`, same: `\\frac{${n}}{100}`, other: `${(n + 1) / 100}` })),
);

/** Rules that keep the value: sums and products in another order, distribution, double negation, squares written out. */
const formula: fc.Arbitrary<Formula> = fc.letrec<{ formula: Formula }>((tie) => ({
  formula: fc.oneof(
    { maxDepth: 3, depthSize: 'small', withCrossShrink: true },
    atom,
    fc.tuple(tie('formula'), tie('formula')).map(([a, b]) => ({
      text: `${a.text} + ${b.text}`,
      same: `${b.same} + (${a.same})`,
      other: `${a.other} + ${b.text}`,
    })),
    fc.tuple(tie('formula'), tie('formula')).map(([a, b]) => ({
      text: `${a.text} - \\left(${b.text}\\right)`,
      same: `-(${b.same}) + ${a.same}`,
      other: `${a.text} - \\left(${b.other}\\right)`,
    })),
    fc.tuple(small, tie('formula'), tie('formula')).map(([n, a, b]) => ({
      text: `${n}\\left(${a.text} + ${b.text}\\right)`,
      same: `${n} \\cdot (${a.same}) + (${b.same}) \\times ${n}`,
      other: `${n}\\left(${a.text} + ${b.other}\\right)`,
    })),
    tie('formula').map((a) => ({
      text: `\\left(${a.text}\\right)^{2}`,
      same: `(${a.same})(${a.same})`,
      other: `\\left(${a.text}\\right)^{2} + 1`,
    })),
    tie('formula').map((a) => ({
      text: `\\frac{${a.text}}{7}`,
      same: `(${a.same})/7`,
      other: `\\frac{${a.text}}{7} - \\frac19`,
    })),
  ),
})).formula;

/** Pieces that a hostile or broken answer is made of. */
const piece = fc.constantFrom(
  '\\frac',
  '\\sqrt',
  '{',
  '}',
  '(',
  ')',
  '[',
  ']',
  '^',
  '_',
  '9',
  '10',
  '10^10^10',
  '9^{9^{9^9}}',
  '100000!',
  '\\pm',
  '\\cup',
  '|',
  '\\text{',
  '\\begin{pmatrix}',
  '\\end{pmatrix}',
  '&',
  '\\\\',
  ',',
  ';',
  '=',
  '<',
  '\\le',
  'x',
  'sin',
  '\\log_',
  '%',
  '\\%',
  '$',
  '\\$',
  '.',
  '/',
  '//',
  '**',
  '-',
  '+',
  '~',
  '<<',
  '"',
  "'",
  '#',
  '\\{',
  '\\}',
  '\\left',
  '\\infty',
  'and',
  'e',
  'i',
  '½',
  '−',
  '²',
  '\u0000',
  '\ud800',
  '\u202e',
  '1e999',
  '0.',
  '\n',
  ' ',
  ':',
  '\\boxed{',
  '<ans>',
  '####',
  'answer is',
);
const broken = fc.array(piece, { minLength: 1, maxLength: 24 }).map((pieces) => pieces.join(''));

const run = (numRuns: number) => ({ numRuns, seed: 20_261_124 });

describe('generated expressions', () => {
  // Integers must be written out in the default kind: these are about equality, so they go without that rule.
  const kind = 'number';

  it('6,000 rewritten ones are right and perturbed ones wrong', { timeout: 300_000 }, () => {
    fc.assert(
      fc.property(formula, ({ text, same, other }) => {
        const right = gradeStrict(same, text, { kind });
        if (!right.right) throw new Error(`${same} for ${text}: ${JSON.stringify(right)}`);
        const wrong = gradeStrict(other, text, { kind });
        if (wrong.right) throw new Error(`${other} for ${text}: ${JSON.stringify(wrong)}`);
      }),
      run(6000),
    );
  });

  it('6,000 broken ones neither crash nor hang any grader', { timeout: 300_000 }, () => {
    fc.assert(
      fc.property(broken, broken, (a, b) => {
        gradeStrict(a, b);
        gradeStrict(a, b, { kind });
        gradeStrict(a, a);
        gradePrm800k(a, b);
        gradeReference(a, b);
        gradeReference(`\\boxed{${a}}`, b);
        extractMathAnswer(a);
      }),
      run(6000),
    );
  });

  it('2,000 numbers are read by the released normaliser as Python writes them', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), (n) => {
        expect(readReference(`\\boxed{${n}}`)).toEqual({ ok: true, value: { type: 'int', value: n } });
        expect(gradeStrict(`${n}.0`, `${n}`).right).toBe(true);
        expect(gradeStrict(`${n + 1n}`, `${n}`).right).toBe(false);
      }),
      run(2000),
    );
  });
});
