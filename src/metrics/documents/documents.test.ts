import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anls } from './anls.ts';
import { boundedEditDistance } from '../answers/edit-distance.ts';
import { multiHierttScore } from './multihiertt.ts';
import { relaxedMatch } from './relaxed-accuracy.ts';
import { slideVqaScore } from './slidevqa.ts';
import { vqaAccuracy } from './vqa-accuracy.ts';
import { vqaNormalize } from './vqa-normalize.ts';

/** Texts of few letters, so that they share parts; some beyond the first plane. */
const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', ' ', 'é', '😀'), maxLength: 24 });

/** The whole table, cell by cell. */
function editDistance(first: string, second: string): number {
  const [a, b] = [[...first], [...second]];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (const [i, item] of a.entries()) {
    const next = [i + 1];
    for (const [j, other] of b.entries()) {
      next.push(Math.min((row[j] ?? 0) + Number(item !== other), (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

describe('boundedEditDistance', () => {
  it('is the edit distance as far as the limit', () => {
    fc.assert(
      fc.property(text, text, fc.integer({ min: 0, max: 30 }), (a, b, limit) => {
        const distance = editDistance(a, b);
        expect(boundedEditDistance(a, b, limit)).toBe(distance <= limit ? distance : undefined);
      }),
      { numRuns: 2000 },
    );
  });

  it('is the edit distance of long texts too', () => {
    const long = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '😀'), minLength: 20, maxLength: 90 });
    fc.assert(
      fc.property(long, long, fc.integer({ min: 0, max: 100 }), (a, b, limit) => {
        const distance = editDistance(a, b);
        expect(boundedEditDistance(a, b, limit)).toBe(distance <= limit ? distance : undefined);
        expect(boundedEditDistance(a, b, distance)).toBe(distance);
      }),
      { numRuns: 1000 },
    );
  });

  it('counts code points', () => {
    expect(boundedEditDistance('😀😀', '😀😁', 5)).toBe(1);
    expect(boundedEditDistance('a', 'b', -1)).toBeUndefined();
    expect(boundedEditDistance('a', 'a', NaN)).toBe(0);
  });
});

describe('anls', () => {
  it('is 1 - distance / length from the threshold on, the best over the references', () => {
    fc.assert(
      fc.property(text, fc.array(text, { maxLength: 4 }), (prediction, references) => {
        const plain = references.map((reference) => {
          const longest = Math.max([...prediction].length, [...reference].length);
          const similarity = longest === 0 ? 1 : 1 - editDistance(prediction, reference) / longest;
          return similarity >= 0.5 ? similarity : 0;
        });
        const { value, reference } = anls(prediction, references, { normalize: 'none' });
        expect(value).toBeCloseTo(Math.max(0, ...plain), 12);
        expect(reference < 0 ? 0 : plain[reference]).toBeCloseTo(value, 12);
      }),
      { numRuns: 2000 },
    );
  });

  it('ignores case and the amount of white space', () => {
    expect(anls('  New\n YORK ', ['new york']).value).toBe(1);
    expect(anls('New York', ['new york'], { normalize: 'none' }).value).toBe(0.75);
  });

  it('keeps or drops the threshold itself', () => {
    expect(anls('abxy', ['abcd']).value).toBe(0.5);
    expect(anls('abxy', ['abcd'], { atThreshold: 'drop' })).toEqual({ value: 0, reference: -1 });
  });

  it('gives nothing without references', () => {
    expect(anls('unanswerable', [])).toEqual({ value: 0, reference: -1 });
  });
});

describe('relaxedMatch', () => {
  it.each([
    ['105', '100', true],
    ['105.01', '100', false],
    ['-95', '-100', true],
    ['1,030', '1000', true],
    ['45%', '0.45', true],
    ['45', '45%', false],
    ['0.0', '0', true],
    ['0.001', '0', false],
    ['Blue ', 'blue', true],
    ['blues', 'blue', false],
    ['Infinity', '5', false],
    ['', '0', false],
  ])('%s for %s: %s', (prediction, reference, right) => {
    expect(relaxedMatch(prediction, reference)).toBe(right);
  });

  it('takes any number for itself', () => {
    fc.assert(fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (n) => relaxedMatch(`${n}`, `${n}`)));
  });
});

describe('vqaAccuracy', () => {
  const ten = (count: number) => [...Array<string>(count).fill('red'), ...Array<string>(10 - count).fill('blue')];

  it.each([
    [0, 0],
    [1, 0.3],
    [2, 0.6],
    [3, 0.9],
    [4, 1],
    [10, 1],
  ])('%i of ten annotators give %f', (count, value) => {
    expect(vqaAccuracy('Red.', ten(count))).toBeCloseTo(value, 12);
  });

  it('is the mean of leaving one annotator out', () => {
    const answers = fc.array(fc.constantFrom('red', 'blue', 'two'), { minLength: 4, maxLength: 10 });
    fc.assert(
      fc.property(answers, (references) => {
        const each = references.map((_, out) => {
          const others = references.filter((reference, i) => i !== out && reference === 'red');
          return Math.min(1, others.length / 3);
        });
        expect(vqaAccuracy('red', references)).toBeCloseTo(each.reduce((a, b) => a + b) / references.length, 12);
      }),
    );
  });

  it('is met by any one of fewer than four references', () => {
    expect(vqaAccuracy('red', ['blue', 'Red'])).toBe(1);
    expect(vqaAccuracy('red', [])).toBe(0);
  });

  it.each([
    ['The dog.', 'dog'],
    ['two', '2'],
    ['None', '0'],
    ['1,000', '1000'],
    ['dont', "don't"],
    ['shell', 'shell'],
    ['3.5 kg', '3.5 kg'],
    ['red/blue', 'red blue'],
    ['a b - c', 'b c'],
  ])('reads %s as %s', (answer, normalized) => {
    expect(vqaNormalize(answer)).toBe(normalized);
  });
});

describe('slideVqaScore', () => {
  it.each([
    ['It is twelve percent', '12', 'What share?', 1, 1],
    ['42 countries', '42', 'In how many countries is it sold?', 1, 1],
    ['42 countries', '42', 'How many countries is it sold in?', 0, 2 / 3],
    ['Yes, it does', 'yes', 'Does it?', 1, 1],
    ['sales in Europe', 'sales in Asia', 'What?', 0, 2 / 3],
    ['', '', 'What?', 0, 0],
  ])('%s for %s', (prediction, reference, question, exact, f1) => {
    const found = slideVqaScore(prediction, [reference], question);
    expect(found).toEqual({ exact, f1: expect.closeTo(f1, 12) as number });
  });

  it('takes the best reference and survives a question that ends with its unit word', () => {
    expect(slideVqaScore('b', ['x', 'b'], 'it says how many')).toEqual({ exact: 1, f1: 1 });
  });
});

describe('multiHierttScore', () => {
  it.each([
    ['1000.9', '1000', 0],
    ['1000.09', '1000', 1],
    ['10.01', '10', 1],
    ['10.02', '10', 0],
    ['$1,234', '1234', 1],
    ['12.5%', '0.125', 1],
    ['Net sales', 'the net-sales', 1],
    ['2019', '2018', 0],
  ])('%s for %s: %i', (prediction, reference, exact) => {
    expect(multiHierttScore(prediction, [reference]).exact).toBe(exact);
  });

  it('gives no credit for words where the numbers differ', () => {
    expect(multiHierttScore('sales in 2019', ['sales in 2018'])).toEqual({ exact: 0, f1: 0 });
    expect(multiHierttScore('sales in Europe', ['sales in Asia'])).toEqual({ exact: 0, f1: 0.67 });
  });
});

it('keeps every metric between 0 and 1 on any texts', () => {
  const any = fc.string({ unit: 'binary', maxLength: 60 });
  fc.assert(
    fc.property(any, fc.array(any, { maxLength: 3 }), any, (prediction, references, question) => {
      const slide = slideVqaScore(prediction, references, question);
      const table = multiHierttScore(prediction, references);
      const values = [anls(prediction, references).value, vqaAccuracy(prediction, references)];
      for (const value of [...values, slide.exact, slide.f1, table.exact, table.f1]) {
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1);
      }
    }),
    { numRuns: 1000 },
  );
});
