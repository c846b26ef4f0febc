import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Sample, Score } from '../../../core/index.ts';
import { createChartScorer, createRelaxedScorer, repairMojibake } from './index.ts';
import { hasCharts, readQuestions } from './testing/shared-charts.ts';
import type { ChartTarget } from './target.ts';

const reference = createChartScorer('reference');
const strict = createChartScorer('strict');
const relaxed = createRelaxedScorer();
const context = { models: {}, signal: new AbortController().signal };

function sampleOf(target: ChartTarget): Sample {
  return { id: 's', input: [], target: { ...target } };
}

const question = 'Question:\n1. How much?\n2. Which?\nA. One\nB. Two; three\nC. (Four)\nNote that …';

const pieces = fc.constantFrom(
  'Answer: ',
  'answer is',
  '**',
  ';',
  '\n',
  ' ',
  '1,234',
  '5%',
  '$3.5bn',
  '\\boxed{',
  '\\frac{1}{2}',
  '}',
  '10^{-5}',
  '10⁻⁵',
  '(A)',
  'B.',
  'and',
  'first',
  '2nd',
  '"',
  "'",
  '−',
  '1e999',
  'nan',
  'Ã¼',
  '\ud800',
  '\0',
  '<think>',
  '</think>',
  '２',
  '½',
  '__proto__',
  'The_answer_you_get',
);

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc
    .array(fc.oneof(pieces, fc.string({ unit: 'grapheme', maxLength: 6 })), { maxLength: 30 })
    .map((all) => all.join('')),
);

const target = fc.record({
  answer: text,
  type: fc.constantFrom('open-ended' as const, 'multiple-choice' as const),
  question: fc.constantFrom(question, 'Question: What?', ''),
  task: fc.constantFrom('Direct_Questions/Structure', 'Parallel_Questions/Mixed'),
  group: fc.constant('g'),
  q: fc.constant(1),
});

describe('scoring of charts', () => {
  it('gives every reply a score from 0 to 1, whatever reply and gold hold', () => {
    fc.assert(
      fc.property(text, target, (reply, gold) => {
        const sample = sampleOf(gold);
        for (const scorer of [reference, strict, relaxed]) {
          const { value } = scorer.score({ text: reply }, sample, context) as Score;
          if (value === null) expect(scorer).toBe(reference);
          else expect(value >= 0 && value <= 1).toBe(true);
        }
        const vote = strict.extract?.(reply, sample);
        expect(vote === null || typeof vote === 'string').toBe(true);
        // A verdict does not depend on what was read before.
        expect(strict.score({ text: reply }, sample, context)).toEqual(strict.score({ text: reply }, sample, context));
      }),
      { numRuns: 2000 },
    );
  });

  it('gives strictly no credit for a reply without a letter or digit', () => {
    const blank = fc
      .array(fc.constantFrom(' ', '\n', '\t', '.', '*', ';', '-', '"', '\u00a0', '\u200b', '…', '$'), { maxLength: 20 })
      .map((all) => all.join(''));
    fc.assert(
      fc.property(blank, target, (reply, gold) => {
        expect(strict.score({ text: reply }, sampleOf(gold), context)).toMatchObject({ value: 0, parsed: false });
      }),
      { numRuns: 500 },
    );
  });

  it('repairs what was encoded twice, and leaves plain text alone', () => {
    const encodedAgain = (plain: string): string => String.fromCharCode(...new TextEncoder().encode(plain));
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', 'ü', 'α', '≤', '₂', '°', ' ', '日', '😀') }), (plain) => {
        expect(repairMojibake(encodedAgain(plain))).toBe(plain);
        expect(repairMojibake(plain)).toBe(plain);
      }),
    );
  });

  it.skipIf(!hasCharts)('gives every gold of the data full credit when it is the reply (needs ../shared)', () => {
    // Without exception: double-encoded golds are repaired on both sides, a number keeps its value beside a damaged unit.
    const wrong = readQuestions().filter(({ target: gold }) => {
      const replies = [`Answer: ${gold.answer}`, gold.answer, `Reasons.\n\n**Answer:** ${repairMojibake(gold.answer)}`];
      return replies.some((reply) => (strict.score({ text: reply }, sampleOf(gold), context) as Score).value !== 1);
    });
    expect(wrong.map(({ id, target: { answer } }) => `${id}: ${answer}`)).toEqual([]);
  });
});
