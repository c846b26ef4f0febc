import { describe, expect, it } from 'vitest';
import { choiceTexts, extractMathAnswer, gradeStrict } from './index.ts';
import {
  aqua,
  asdiv,
  golden,
  i3cGolds,
  math500,
  present,
  prpGolds,
  qwenRows,
  readJson,
  readLines,
} from './testing/stepco-data.ts';

describe('gradeStrict', () => {
  it.each([
    ['1,234.50', '1234.5', 'number'],
    ['1.2e3', '1200', 'number'],
    ['−5', '-5', 'string'],
    ['3½', '7/2', 'number'],
    ['3\\frac12', '\\dfrac{7}{2}', 'number'],
    ['$\\frac12$', '0.5', 'number'],
    ['10,\\!080', '10080', 'number'],
    ['11,111,111,100', '11,\\! 111,\\! 111,\\! 100', 'string'],
    ['\\$32,348', '32348', 'number'],
    ['270/7', '\\frac{270}7\\text{ degrees}', 'number'],
    ['90°', '90^\\circ', 'string'],
    ['864 square inches', '864 \\mbox{ inches}^2', 'string'],
    ['\\sqrt{8}', '2\\sqrt2', 'number'],
    ['\\sin^2 x', '1 - \\cos^2 x', 'symbolic'],
    ['-5i+6', '6 - 5i', 'number'],
    ['x = 5', '5', 'string'],
    ['2x+3', 'y = 2x + 3', 'exact'],
    ['5x-7y+11z=-4', '5x - 7y + 11z + 4 = 0', 'equation'],
    ['3 > x', 'x < 3', 'equation'],
    ['(b+2)(a+5)', '(a+5)(b+2)', 'exact'],
    ['\\{-2, 1-\\sqrt5, 1+\\sqrt5\\}', '\\{1\\pm\\sqrt{5},-2\\}', 'set'],
    ['(3,\\infty)\\cup(-\\infty,2)', '(-\\infty, 2) \\cup (3, \\infty)', 'union'],
    ['[-2,7]', 'x \\in [-2,7]', 'tuple'],
    ['(0.6, 8/3]', '\\left(\\frac{3}{5},\\frac{8}{3}\\right]', 'tuple'],
    [
      '\\begin{bmatrix}-\\frac13\\\\\\frac23\\\\\\frac53\\end{bmatrix}',
      '\\begin{pmatrix} -1/3 \\\\ 2/3 \\\\ 5/3 \\end{pmatrix}',
      'matrix',
    ],
    ['2516_{8}', '2516_8', 'base'],
    ['Tuesday.', '\\text{tuesday}', 'text'],
    ['C', '\\text{(C)}', 'text'],
    ['3, 5, 7', '3,5, 7', 'list'],
    ['x=1 or x=-2', '1,-2', 'list'],
  ])('%s is %s', (answer, gold, how) => {
    expect(gradeStrict(answer, gold)).toMatchObject({ right: true, parsed: true, how });
  });

  it.each([
    ['2/4', '\\frac{1}{2}'],
    ['4/2', '2'],
    ['2^{10}', '1024'],
    ['50\\%', '0.5'],
    ['3.14', '\\pi'],
    ['1,2', '2,1'],
    ['(1,2)', '[1,2]'],
    ['5 \\text{ cm}', '5 \\text{ m}'],
    ['52', '52_8'],
    ['52_8', '52_7'],
    ['\\begin{pmatrix}1&2\\end{pmatrix}', '\\begin{pmatrix}1\\\\2\\end{pmatrix}'],
    ['\\{1,1,2\\}', '\\{1,2,2\\}'],
    ['x > 3', 'x < 3'],
    ['2x = 4', '2x < 4'],
    ['x', '\\sqrt{x^2}'],
    ['500', '5'],
    ['x=5', 'y=4'],
    ['\\text{east}', '\\text{west}'],
    ['12', '1,2'],
    ['seat', 'east'],
    ['seat', '\\text{east}'],
    ['1.0000000000000000000000001', '1'],
  ])('%s is not %s', (answer, gold) => {
    expect(gradeStrict(answer, gold)).toMatchObject({ right: false });
  });

  it('tells what cannot be read from what is wrong', () => {
    expect(gradeStrict('I do not know', '5')).toMatchObject({ right: false, parsed: false });
    expect(gradeStrict('', '5')).toMatchObject({ right: false, parsed: false });
    expect(gradeStrict('6', '5')).toMatchObject({ right: false, parsed: true });
  });

  it('takes off whatever was counted in word problems, but not another unit', () => {
    const kind = 'number';
    expect(gradeStrict('9 red apples', '9 (apples)', { kind }).right).toBe(true);
    expect(gradeStrict('$9.00', '9', { kind }).right).toBe(true);
    expect(gradeStrict('9 feet', '9 (inches)', { kind }).right).toBe(false);
    expect(gradeStrict('3:00 pm', '3:00', { kind }).right).toBe(true);
    expect(gradeStrict('12 (cm); 3 (m)', '12; 3', { kind }).right).toBe(true);
  });

  it('takes lists in any order on request', () => {
    expect(gradeStrict('-2,1', '1,-2', { lists: 'any-order' }).right).toBe(true);
  });

  it('reads options by letter, words and value, and refuses a gold answer that is none', () => {
    const options = { kind: 'choice', choices: ['A)5(√3 + 1)', 'B)6(√3 + √2)', 'C)21', 'D)None of these'] } as const;
    for (const answer of ['A', '(a)', 'A)', '\\text{(A)}', 'A) 5(√3+1)', '5\\sqrt{3}+5']) {
      expect([answer, gradeStrict(answer, 'A', options)]).toEqual([answer, expect.objectContaining({ right: true })]);
    }
    expect(gradeStrict('none of these', 'D', options).right).toBe(true);
    expect(gradeStrict('21.0', 'C', options).right).toBe(true);
    expect(gradeStrict('22', 'C', options)).toMatchObject({ right: false, parsed: false });
    expect(() => gradeStrict('A', 'Z', options)).toThrow(RangeError);
    expect(choiceTexts(options.choices)[2]).toBe('21');
  });
});

describe('extractMathAnswer', () => {
  it.each([
    ['a <ans>7</ans> b <ans>8</ans>', '8'],
    ['so \\boxed{1} and \\boxed{\\frac{3}{4}}.', '\\frac{3}{4}'],
    ['<ans>\\boxed{5}</ans>', '5'],
    ['\\boxed{3} then \\boxed{', '3'],
    ['text #### 1,234', '1,234'],
    ['The final answer is $\\frac{1}{2}$. Check: 7', '\\frac{1}{2}'],
    ['Answer: **42**', '42'],
    ['<think>\\boxed{3}</think> The answer is 4.', '4'],
    ['Hence\n$$x = \\sqrt{2}$$\nholds.', '\\sqrt{2}'],
    ['no idea', 'no idea'],
    ['', null],
  ])('%s', (reply, answer) => {
    expect(extractMathAnswer(reply)).toBe(answer);
  });

  it('finds numbers and letters', () => {
    expect(extractMathAnswer('He pays $5, so she has 1,200.50 dollars.', { kind: 'number' })).toBe('1,200.50');
    expect(extractMathAnswer('The answer is 18 apples, not 3.', { kind: 'number' })).toBe('18');
    expect(extractMathAnswer('none', { kind: 'number' })).toBeNull();
    expect(extractMathAnswer('So the answer is (B).', { kind: 'choice', choices: ['A)1', 'B)2'] })).toBe('B');
  });

  it('takes no longer for replies made of what never closes', () => {
    for (const part of [
      '\\boxed{',
      '<ans>',
      '$',
      '((((',
      '\\frac',
      '####',
      'answer is ',
      '1,',
      '9^',
      '{',
      '\\constructor',
      '\\toString{',
    ])
      expect(() => gradeStrict(extractMathAnswer(part.repeat(40_000)) ?? '', '5')).not.toThrow();
  });
});

describe.skipIf(!present)('gold answers fed back to the strict grader', () => {
  /** How many of the answers are right in a box that a reply ends with, which takes them through extraction and reading. */
  const right = (golds: readonly (string | number)[], kind: 'number' | 'latex'): number =>
    golds.filter((gold) => {
      const answer = extractMathAnswer(`It is \\boxed{ ${gold} }`, { kind });
      return (
        answer !== null &&
        gradeStrict(`${answer} `, ` ${gold}`, { kind }).right &&
        gradeStrict(`$${answer}$`, String(gold), { kind }).right
      );
    }).length;

  it('prp and i3c', () => {
    const counts = (sets: Map<string, (string | number)[]>): number[] =>
      [...sets.values()].map((golds) => right(golds, 'number'));
    expect(counts(prpGolds())).toEqual([395, 1319, 1000, 1000, 1000, 600, 508, 562]);
    const i3c = i3cGolds();
    expect(counts(i3c)).toEqual([...i3c.values()].map((golds) => golds.length));
  });

  it('gsm8k, svamp, mawps, GSM-IC', () => {
    const hashed = (file: string): string[] =>
      readLines<{ answer: string }>(file).map((row) => extractMathAnswer(row.answer, { kind: 'number' }) ?? 'none');
    expect(right(hashed('test-sets/gsm8k/test.jsonl.gz'), 'number')).toBe(1319);
    expect(right(hashed('test-sets/gsm8k/train.jsonl.gz'), 'number')).toBe(7473);
    const validation = hashed('test-sets/gsm-ic/gsm8k-validation.jsonl');
    expect(right(validation, 'number')).toBe(validation.length);
    expect(
      right(
        readJson<{ Answer: number }[]>('test-sets/svamp/svamp.json').map((row) => row.Answer),
        'number',
      ),
    ).toBe(1000);
    for (const name of ['addsub', 'multiarith', 'singleeq', 'singleop']) {
      const golds = readLines<{ target: number }>(`test-sets/mawps/${name}.jsonl`).map((row) => row.target);
      expect([name, right(golds, 'number')]).toEqual([name, golds.length]);
    }
  });

  it('asdiv in its three forms, and without the things counted', () => {
    const all = asdiv();
    const folds = readJson<Record<string, unknown>>('test-sets/asdiv/nfolds.json');
    const ids = new Set(JSON.stringify(folds['asdiv-a']).match(/nluds-\d+/g));
    expect(
      right(
        all.map(([, answer]) => answer),
        'number',
      ),
    ).toBe(2305);
    expect(
      right(
        all.flatMap(([id, answer]) => (ids.has(id) ? [answer] : [])),
        'number',
      ),
    ).toBe(1218);
    const qwen = readLines<{ answer: string }>('test-sets/asdiv/qwen-asdiv-test.jsonl.gz').map((row) => row.answer);
    expect([qwen.length, right(qwen, 'number')]).toEqual([2215, 2215]);
    const counted = all.filter(([, answer]) => /^[\d.]+ \([^)]*\)$/.test(answer));
    const bare = counted.filter(
      ([, answer]) => gradeStrict(answer.split(' ')[0] as string, answer, { kind: 'number' }).right,
    );
    expect(bare.length).toBe(counted.length);
  });

  it('aqua by letter and by value, and no other option', () => {
    for (const [part, n] of [
      ['test', 254],
      ['dev', 254],
    ] as const) {
      const rows = aqua(part);
      const kind = 'choice';
      const letters = rows.filter(
        ({ options, correct }) => gradeStrict(correct, correct, { kind, choices: options }).right,
      );
      expect(letters).toHaveLength(n);
      for (const { options, correct } of rows) {
        const texts = choiceTexts(options);
        const gold = texts[correct.charCodeAt(0) - 65] as string;
        expect([gold, gradeStrict(gold, correct, { kind, choices: options }).right]).toEqual([gold, true]);
        for (const [i, option] of options.entries()) {
          const label = String.fromCharCode(65 + i);
          expect(gradeStrict(label, correct, { kind, choices: options }).right).toBe(label === correct);
          const other = gradeStrict(option.slice(2), correct, { kind, choices: options });
          if (other.right && label !== correct)
            expect(gradeStrict(gold, label, { kind, choices: options }).right).toBe(true);
        }
      }
    }
  });

  it('math500', () => {
    expect(right(math500(), 'latex')).toBe(500);
  });

  it('wrong pairs stay wrong, and right ones right', () => {
    for (const { given, truth, grade } of golden().math_grading.grade_answer_made_up) {
      if (given !== null) expect([given, truth, gradeStrict(given, truth).right]).toEqual([given, truth, grade]);
    }
  });

  it('agrees with 799 of 800 flags of Qwen2.5-Math, from the predictions and from whole replies', () => {
    let [agreed, whole] = [0, 0];
    for (const { pred, code, gt, score } of qwenRows()) {
      for (const [i, flag] of score.entries()) {
        if (gradeStrict(pred[i] as string, gt).right === flag) agreed++;
        const answer = extractMathAnswer(code[i] as string);
        if ((answer !== null && gradeStrict(answer, gt).right) === flag) whole++;
      }
    }
    expect([agreed, whole]).toEqual([799, 799]);
  });
});
