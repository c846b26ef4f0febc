import { describe, expect, it } from 'vitest';
import { evaluatePythonExpression, gradeReference, PythonError, readReference, referenceClose } from './index.ts';
import {
  aqua,
  asdiv,
  golden,
  math500,
  present,
  prpGolds,
  readJson,
  readLines,
  readText,
} from './testing/stepco-data.ts';

/** A value as JSON has it, or the class of the exception. */
function outcome(text: string): unknown {
  const read = readReference(text);
  if (!read.ok) return read.error;
  const { value } = read;
  if (value.type === 'int') return Number(value.value);
  return value.type === 'float' || value.type === 'bool' || value.type === 'str' ? value.value : value.type;
}

function evaluated(source: string): unknown {
  try {
    const value = evaluatePythonExpression(source);
    return 'value' in value ? value.value : value.type;
  } catch (error) {
    if (error instanceof PythonError) return error.pythonClass;
    throw error;
  }
}

const mark = ({ error, right }: { error: string | null; right: boolean }): string =>
  error === null ? (right ? '1' : '0') : 'E';
/** A float of the data as Python writes it into a text. */
const asText = (gold: string | number): string =>
  typeof gold === 'string' ? gold : Number.isInteger(gold) ? `${gold}.0` : String(gold);

describe('evaluatePythonExpression', () => {
  it.each([
    ['007', 'SyntaxError'],
    ['00', 0n],
    ['007.5', 7.5],
    ['1_000.5_0', 1000.5],
    ['1__0', 'SyntaxError'],
    ['_5', 'NameError'],
    ['5#3', 5n],
    ['...', 'ellipsis'],
    ['5//0', 'ZeroDivisionError'],
    ['-7//2', -4n],
    ['-7%3', 2n],
    ['5.5//2', 2],
    ['~5.0', 'TypeError'],
    ['5^3|8&12', 14n],
    ['5!=4', true],
    ['1==1==2', false],
    ["'5''6'", '56'],
    ["-'5'", 'TypeError'],
    ["'3", 'SyntaxError'],
    ['5−3', 'SyntaxError'],
    ['½', 'SyntaxError'],
    ['Ⅷ', 'NameError'],
    ['\ud800', 'UnicodeEncodeError'],
    ['2**-1', 0.5],
    ['-2**2', -4n],
    ['0**-1', 'ZeroDivisionError'],
    ['(-8)**(1/3)', 'complex'],
    ['2**3**2', 512n],
    ['10**10**10', 'MemoryError'],
    ['1<<99999999999', 'MemoryError'],
    [`1${'0'.repeat(400)}/3`, 'OverflowError'],
    [`1${'0'.repeat(400)}/1.0`, 'OverflowError'],
    [`(1${'0'.repeat(400)})/(1${'0'.repeat(399)})`, 10],
    ['1'.repeat(4301), 'SyntaxError'],
    [`${'-'.repeat(2993)}5`, -5n],
    [`${'-'.repeat(2994)}5`, 'RecursionError'],
    [`${'-'.repeat(90_000)}5`, 'MemoryError'],
    [`1${'+1'.repeat(2994)}`, 'RecursionError'],
    [`${'('.repeat(5000)}1`, 'SyntaxError'],
    ['5(3)', 'TypeError'],
    ['1,2', 'tuple'],
    ['', 'SyntaxError'],
  ])('%s', (source, expected) => {
    expect(evaluated(source)).toEqual(expected);
  });

  it('rounds quotients of large integers once', () => {
    expect(evaluated('9007199254740993/1')).toBe(9007199254740992);
    expect(evaluated('9007199254740995/1')).toBe(9007199254740996);
    expect(evaluated(`1/1${'0'.repeat(323)}`)).toBe(1e-323);
    expect(evaluated(`1${'0'.repeat(308)}/3`)).toBe(1e308 / 3);
    expect(evaluated(`1${'0'.repeat(400)}/7${'0'.repeat(400)}`)).toBe(1 / 7);
  });
});

describe.skipIf(!present)('the released scorer of StepCo', () => {
  it('reads made-up answers alike, failures included', () => {
    for (const { in: text, value, error } of golden().normalise_made_up) {
      const got = outcome(text);
      if (error !== undefined) expect([text, got]).toEqual([text, error]);
      else expect(got, text).toBeCloseTo(value as number, 6);
    }
  });

  it('compares alike', () => {
    for (const { gold, pred, right } of golden().compare_rule_made_up) {
      expect(referenceClose({ type: 'float', value: gold }, { type: 'float', value: pred })).toBe(right);
    }
  });

  it('scores every released output alike, item by item', () => {
    for (const [name, { file, ...scores }] of Object.entries(golden().released_outputs_scored)) {
      const text = readText(file);
      let grades: ReturnType<typeof gradeReference>[];
      if (name.startsWith('zero_shot_cot')) {
        grades = text
          .split('pred_before : ')
          .slice(1)
          .map((block) => {
            const gold = /\nGT : (.*)/.exec(block)?.[1] ?? '';
            return gradeReference(block.slice(0, block.indexOf('\npred_after :')), gold);
          });
      } else if (name.startsWith('gsm8k')) {
        const method = name.split('#')[1] as string;
        grades = readLines<Record<string, { solution: string }> & { ground_truth: string }>(file).map((row) =>
          gradeReference(
            row[method]?.solution.split('A: ').at(-1) as string,
            row.ground_truth.split('A: ').at(-1) as string,
          ),
        );
      } else {
        grades = readLines<{ pred: string[]; gt: string }>(file).map((row) =>
          gradeReference(String(row.pred[0]), row.gt),
        );
      }
      const expected = scores.stepco_rule ?? scores.stepco_rule_on_pred_before;
      expect([name, grades.map(mark).join('')]).toEqual([name, expected?.per_item]);
    }
  });

  it('reads the gold answers of each set alike', () => {
    const arithmetic = new Set(
      JSON.stringify(readJson<Record<string, unknown>>('test-sets/asdiv/nfolds.json')['asdiv-a']).match(/nluds-\d+/g),
    );
    const sets = new Map<string, (string | number)[]>([
      ...[...prpGolds()].map(([name, golds]) => [`authors-prp/${name}`, golds] as const),
      [
        'asdiv arithmetic subset (nfolds/asdiv-a ids)',
        asdiv().flatMap(([id, answer]) => (arithmetic.has(id) ? [answer] : [])),
      ],
      ['aqua/test correct', aqua('test').map((row) => row.correct)],
      ['math500/test answer', math500()],
    ]);
    for (const [name, expected] of Object.entries(golden().gold_answer_normalisation)) {
      const read = (sets.get(name) ?? []).map((gold, i) => ({ i, gold, reading: readReference(gold) }));
      const failed = read.flatMap(({ i, gold, reading }) => (reading.ok ? [] : [[i, gold, reading.error]]));
      const zeros = read.filter(
        ({ reading }) => reading.ok && 'value' in reading.value && Number(reading.value.value) === 0,
      );
      expect([name, read.length, failed.length, zeros.length]).toEqual([
        name,
        expected.n,
        expected.uncomputable,
        expected.zero_values,
      ]);
      expect(failed.slice(0, expected.first_uncomputable.length)).toEqual(expected.first_uncomputable);
    }
  });

  it('fails on the same gold answers put into a box', () => {
    const sets = new Map([
      ...prpGolds(),
      ['MATH500', math500()],
      ['AQuA letters', aqua('test').map((row) => row.correct)],
      ['ASDiv 2305', asdiv().map(([, answer]) => answer)],
    ] as [string, (string | number)[]][]);
    for (const [name, { per_item }] of Object.entries(golden().scorer_ceiling)) {
      const marks = (sets.get(name) ?? [])
        .map((gold) => mark(gradeReference(`\\boxed{${asText(gold)}}`, gold)))
        .join('');
      expect([name, marks]).toEqual([name, per_item]);
    }
  });
});
