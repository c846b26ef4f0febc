import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Sample } from '../../src/core/index.ts';
import { folder, kite, lines, type Row, open, samplesOf } from './problem-files.ts';

describe('prompts and verdicts', () => {
  it('put options, examples and the form of the answer', async () => {
    const data = folder({
      'aqua.jsonl': lines({ question: kite, options: ['A)6', 'B)7'], rationale: '', correct: 'B' }),
    });
    const [form] = await samplesOf(await open('aqua', data, { shots: '2' }));
    expect(form?.choices).toEqual(['A', 'B']);
    expect(form?.input).toHaveLength(5);
    expect(form?.input.at(-1)?.content).toBe(
      `${kite}\n(A) 6\n(B) 7\n\nGive the letter of the right option in \\boxed{}.`,
    );
    const [direct] = await samplesOf(await open('aqua', data, { prompt: 'direct', shots: '1' }));
    expect(direct?.input[1]?.content).toBe('B');
    const [plain] = await samplesOf(await open('aqua', data, { prompt: 'plain' }));
    expect(plain?.input[0]?.content).toBe(`${kite}\n(A) 6\n(B) 7`);
  });

  it('never show a question among its own examples', async () => {
    const rows = [1, 2, 3].map((i) => ({ question: `Question ${i}?`, answer: `It is ${i}.\n#### ${i}` }));
    const data = folder({ 'gsm8k/test.jsonl': lines(...rows), 'gsm8k/train.jsonl': lines(...rows) });
    for (const { input } of await samplesOf(await open('gsm8k', data, { shots: '2' }))) {
      const asked = input.filter(({ role }) => role === 'user').map(({ content }) => content);
      expect(new Set(asked).size).toBe(3);
    }
  });

  it.each<[set: string, row: Row, reply: string, value: number, parsed: boolean]>([
    ['gsm8k', { question: kite, answer: '#### 1200' }, 'That makes 1,200 kites. The answer is 1,200.', 1, true],
    ['gsm8k', { question: kite, answer: '#### 12' }, '\\boxed{12.0 \\text{ kites}}', 1, true],
    ['gsm8k', { question: kite, answer: '#### 12' }, '\\boxed{1200}', 0, true],
    ['gsm8k', { question: kite, answer: '#### 12' }, 'I do not know.', 0, false],
    ['aqua', { question: kite, options: ['A)6', 'B)7'], correct: 'B' }, 'B', 1, true],
    ['aqua', { question: kite, options: ['A)6', 'B)7'], correct: 'B' }, 'The answer is \\boxed{7}.', 1, true],
    ['aqua', { question: kite, options: ['A)6', 'B)7'], correct: 'B' }, 'The answer is (A).', 0, true],
    ['math500', { problem: kite, answer: '\\frac{7}{2}', solution: '', level: 1 }, 'So \\boxed{3.5}', 1, true],
    ['math500', { problem: kite, answer: '(1, 2]', solution: '', level: 1 }, 'So \\boxed{(1,2)}', 0, true],
    [
      'asdiv',
      { body: 'b', question: 'q', answer: '50 (years old); 20 (years old)', formula: '' },
      'Answer: 50; 20',
      1,
      true,
    ],
    ['asdiv', { body: 'b', question: 'q', answer: 'Red', formula: '' }, 'The answer is red.', 1, true],
  ])('%s reads %j', async (set, row, reply, value, parsed) => {
    const data = join(folder({ 'x.jsonl': lines(row) }), 'x.jsonl');
    const opened = await open(set, data);
    const [sample] = await samplesOf(opened);
    const scorer = opened.tasks[0]?.scorers[0];
    const score = await scorer?.score({ text: reply }, sample as Sample, {
      models: {},
      signal: new AbortController().signal,
    });
    expect(score).toMatchObject({ value, parsed });
  });

  it('has votes for one number written in several ways', async () => {
    const opened = await open(
      'gsm8k',
      join(folder({ 'x.jsonl': lines({ question: kite, answer: '#### 7' }) }), 'x.jsonl'),
    );
    const [sample] = await samplesOf(opened);
    const read = (text: string) => opened.tasks[0]?.scorers[0].extract?.(text, sample as Sample);
    expect([read('\\boxed{1,000}'), read('#### 1000.0'), read('The answer is $1000.')]).toEqual([
      '1000',
      '1000',
      '1000',
    ]);
    expect(read('none here')).toBeNull();
  });

  it('raises as the released scorer does in reference, and counts by hundreds', async () => {
    const opened = await open(
      'gsm8k',
      join(folder({ 'x.jsonl': lines({ question: kite, answer: '#### 12' }) }), 'x.jsonl'),
      {},
      'reference',
    );
    const [sample] = await samplesOf(opened);
    const score = (text: string) =>
      opened.tasks[0]?.scorers[0].score({ text }, sample as Sample, {
        models: {},
        signal: new AbortController().signal,
      });
    expect(await score('\\boxed{1200}')).toMatchObject({ value: 1 });
    expect(await score('\\boxed{x}')).toMatchObject({ value: 0, parsed: false, metadata: { raises: 'SyntaxError' } });
  });
});
