import { describe, expect, it } from 'vitest';
import type { Score } from '../../../core/index.ts';
import { createChartScorer, type PartRule } from './index.ts';
import type { ChartTarget } from './target.ts';

const options = 'A. Rising steadily\nB. Falling\nC. Rising, then falling\nD. Flat';

function target(answer: string, change: Partial<ChartTarget> = {}): ChartTarget {
  const base = { type: 'open-ended', question: 'Question: What is it?', task: 'Direct_Questions/Content' } as const;
  return { answer, ...base, group: 'g', q: 1, ...change };
}

function score(reply: string, gold: ChartTarget, partRules?: ReadonlyMap<string, readonly PartRule[]>): Score {
  const context = { models: {}, signal: new AbortController().signal };
  const sample = { id: 's', input: [], target: { ...gold } };
  return createChartScorer('strict', { partRules }).score({ text: reply }, sample, context) as Score;
}

const structure = { task: 'Direct_Questions/Structure' };
const noUnit = { question: 'Question: How many? You should omit the unit after any number.' };
const choice = { type: 'multiple-choice', question: `Question: Which trend?\n${options}` } as const;

describe('strict: where the answer is read', () => {
  it.each<[string, string, number]>([
    ['The value is 500 at first.\nAnswer: 7', '500', 0],
    ['Answer: 10\nAnswer: 20', '20', 1],
    ['Answer: 10\nAnswer: 20', '10', 0],
    ['**Answer:** 50', '50', 1],
    ['So we get it.\n\n**Final Answer: 50**', '50', 1],
    ['Final answer: Answer: 50', '50', 1],
    ['{"answer": "50"}', '50', 1],
    ['\\boxed{50}', '50', 1],
    ['Thus the answer is 50.', '50', 1],
    ['Answer:\n50', '50', 1],
    ['Answer:\n\n- Kenya\n- Peru', 'Kenya; Peru', 1],
    ['Answer 1: 50\nSome words.\nAnswer 2: Peru', '50; Peru', 1],
    ['<think>Answer: 40</think>Answer: 50', '50', 1],
    ['The highest tick in the first chart is 50.', '50', 1],
    ['50', '50', 1],
  ])('%j against %j', (reply, gold, value) => expect(score(reply, target(gold)).value).toBe(value));

  it.each([
    '',
    '   \n',
    '...',
    'Answer:',
    'Answer: The_answer_you_get',
    'Answer: The_answer_for_the_first_question; The_answer_for_the_second_question',
    'I am unable to read the charts.',
    '<think>50',
  ])('takes %j for unparsed', (reply) => expect(score(reply, target('50'))).toMatchObject({ value: 0, parsed: false }));
});

describe('strict: numbers', () => {
  it.each<[string, string, number, Partial<ChartTarget>?]>([
    ['49', '52', 0],
    ['52', '50', 1],
    ['52', '50', 0, structure],
    ['50.0', '50', 1, structure],
    ['2021', '2020', 0],
    ['2020', '2020', 1],
    ['the year 2020', '2020', 1],
    ['19', '20', 0],
    ['0', '0', 1],
    ['0.1', '0', 0],
    ['12.6', '12.6%', 1],
    ['12.6 %', '12.6%', 1],
    ['12.6 percent', '12.6%', 1],
    ['0.126', '12.6%', 1],
    ['45%', '45', 1],
    ['45%', '0.45', 1],
    ['0.45', '45', 0],
    ['48', '$48', 1],
    ['$48', '48', 1],
    ['€48', '$48', 0],
    ['240000', '240k', 1],
    ['240,000', '240k', 1],
    ['240 000', '240k', 1],
    ['240K', '240k', 1],
    ['240', '240k', 0],
    ['240', '240k', 1, noUnit],
    ['1.3 million', '1.3M', 1],
    ['1300000', '1.3M', 1],
    ['$7.2 billion', '$7.2bn', 1],
    ['1,234', '1234', 1, structure],
    ['1.234', '1234', 0],
    ['\u22125', '-5', 1],
    ['5', '-5', 0],
    ['-5', '5', 0],
    ['10^{-5}', '10^-5', 1],
    ['10⁻⁵', '10^-5', 1],
    ['0.1', '10^-1', 1],
    ['23.4 ± 0.4', '23.4', 1],
    ['seven', '7', 1],
    ['about 52', '50', 1],
    ['approximately 7.0 per 100K', '7.0', 1],
    ['20% + 30% = 50%', '50', 1],
    ['between 40 and 60', '50', 0],
    ['3, 5, 7', '3', 0],
    ['The count is 3, 5, 7', '3', 0],
    ['15-24', '15-24', 1],
    ['15 to 24', '15-24', 1],
    ['15–24', '15-24', 1],
    ['15-25', '15-24', 0],
    ['3x2', '3 by 2', 1],
    ['2 by 3', '3 by 2', 0],
  ])('%j against %j gives %d', (answer, gold, value, change) =>
    expect(score(`Answer: ${answer}`, target(gold, change))).toMatchObject({ value, parsed: true }),
  );
});

describe('strict: words', () => {
  it.each<[string, string, number]>([
    ['Illegal', 'Legal', 0],
    ['legal', 'Legal', 1],
    ['Not applicable', 'No', 0],
    ['No, it fell', 'No', 1],
    ['no change', 'No', 0],
    ['The trend is no longer clear', 'No', 0],
    ['It is not Solar', 'Solar', 0],
    ['Infrared', 'Red', 0],
    ['red and blue', 'Red', 0],
    ['Wind, Solar', 'Solar', 0],
    ['2021, Solar', 'Solar', 1],
    ['the second chart', 'Second', 1],
    ['3rd', 'Third', 1],
    ['3', 'Third', 1],
    ['#3', 'Third', 1],
    ['second or third', 'Third', 0],
    ['4th', 'Third', 0],
    ['Malmö', 'MalmÃ¶', 1],
    ['MalmÃ¶', 'MalmÃ¶', 1],
    ['+3.4 °C', '+3.4Â°C', 1],
    ['x-α = 2/3', 'x-Î± = 2/3', 1],
    ['“North, South”', 'North, South', 1],
    ['South and North', 'North, South', 1],
    ['North', 'North, South', 0],
    ['North, North', 'North, South', 0],
    ['US', 'United States', 1],
    ['the U.S.', 'United States', 1],
    ['October', 'Oct.', 1],
    ['March 4, 2016', 'Mar 4, 2016', 1],
    ['Net_a', 'Net', 0],
    ['Exports of goods (total)', 'Exports of goods', 1],
    ['Level 3', 'Level 2', 0],
    ['It is higher than that of Peru.', 'higher than', 1],
    ['It is not higher than that of Peru.', 'higher than', 0],
    ['The source is given as "stat.example"', 'stat.example', 1],
  ])('%j against %j gives %d', (answer, gold, value) =>
    expect(score(`Answer: ${answer}`, target(gold)).value).toBe(value),
  );
});

describe('strict: parts', () => {
  const parallel = {
    task: 'Parallel_Questions/Mixed',
    question: `Question:\n1. How many?\n2. Which trend?\n${options}\nNow answer both.`,
  };
  it.each<[string, string, number]>([
    ['5; B', '5; B', 1],
    ['B; 5', '5; B', 0],
    ['5; b', '5; B', 1],
    ['5; (B)', '5; B', 1],
    ['5; B. Falling', '5; B', 1],
    ['5; Falling', '5; B', 1],
    ['5; A. Falling', '5; B', 0.5],
    ['5; A or B', '5; B', 0.5],
    ['5, B', '5; B', 1],
    ['5', '5; B', 0.5],
    ['1,234', '1; 234', 0],
    ['7; 5', '5; 5', 0.5],
    ['5; B; 5', '5; B', 2 / 3],
    ['5;', '5; B', 0.5],
  ])('%j against %j gives %d', (answer, gold, value) =>
    expect(score(`Answer: ${answer}`, target(gold, parallel)).value).toBeCloseTo(value, 12),
  );

  it('says part by part what was read', () => {
    const { explanation } = score('Answer: 6; Falling', target('5; B', parallel));
    expect(explanation).toBe('answer line "6; Falling"; 1: 6 is not 5 exactly; 2: option B');
  });

  it('compares as a label file says', () => {
    const gold = target('2020; 50');
    expect(score('Answer: 2021; 52', gold).value).toBe(0.5);
    expect(score('Answer: 2021; 52', gold, new Map([['s', ['read-off', 'exact']]])).value).toBe(0.5);
    expect(score('Answer: 2021; 52', gold, new Map([['s', ['read-off', 'read-off']]])).value).toBe(1);
    expect(score('Answer: 2021; 52', gold, new Map([['s', ['exact', 'exact']]])).value).toBe(0);
  });
});

describe('strict: choices', () => {
  it.each<[string, number, boolean]>([
    ['Answer: B', 1, true],
    ['b', 1, true],
    ['Answer:B', 1, true],
    ['**B**', 1, true],
    ['B)', 1, true],
    ['(B)', 1, true],
    ['option B: Falling', 1, true],
    ['B. Falling', 1, true],
    ['Answer: Falling', 1, true],
    ['The answer is B.', 1, true],
    ['I think A at first.\nAnswer: B', 1, true],
    ['B, a falling trend', 1, true],
    ['Answer: C', 0, true],
    ['B,C', 0, false],
    ['Answer: A or B', 0, false],
    ['a, b', 0, false],
    ['Answer: A. Falling', 0, false],
    ['Answer: none of them', 0, false],
    ['I cannot tell.', 0, false],
    ['', 0, false],
  ])('%j gives %d, parsed %s', (reply, value, parsed) =>
    expect(score(reply, target('B', choice))).toMatchObject({ value, parsed }),
  );

  it('reads votes alike in all modes', () => {
    const gold = { ...target('B', choice) };
    const sample = { id: 's', input: [], target: gold };
    for (const mode of ['reference', 'strict'] as const) {
      const { extract } = createChartScorer(mode);
      expect(extract?.('Answer: (b) Falling', sample)).toBe('B');
      expect(extract?.('no idea', sample)).toBeNull();
      const open = { id: 's', input: [], target: { ...target('1,200; Kenya') } };
      expect(extract?.('Answer: 1200; the Kenya', open)).toBe(extract?.('So: **Answer: 1,200; kenya**', open));
    }
  });
});
