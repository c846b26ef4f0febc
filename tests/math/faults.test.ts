import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { faultsOf, folder, kite, lines, open, problem, xml } from './problem-files.ts';

describe('faults', () => {
  it.each<[what: string, set: string, file: string, content: string, line: number, message: RegExp]>([
    [
      'a row that is no JSON',
      'gsm8k',
      'a.jsonl',
      `${lines({ question: kite, answer: '#### 7' })}{"question": nope\n`,
      2,
      /a\.jsonl:2: /,
    ],
    [
      'a missing field',
      'gsm8k',
      'a.jsonl',
      lines({ question: kite, answer: '#### 7' }, { answer: '#### 7' }),
      2,
      /"question" is missing/,
    ],
    [
      'a solution without an answer',
      'gsm8k',
      'a.jsonl',
      lines({ question: kite, answer: '#### 7' }, { question: kite, answer: '7' }),
      2,
      /no "####"/,
    ],
    [
      'a blank text',
      'svamp',
      'a.json',
      '[\n{"ID":"a","Body":"b","Question":"q","Answer":1},\n{"ID":"b","Body":" ","Question":"q","Answer":1}\n]',
      3,
      /"Body" must be a text/,
    ],
    [
      'a gold that is no number',
      'svamp',
      'a.json',
      '[{"ID":"a","Body":"b","Question":"q","Answer":[1]}]',
      1,
      /"Answer" must be a text/,
    ],
    [
      'a letter that is no option',
      'aqua',
      'a.jsonl',
      lines({ question: kite, options: ['A)1', 'B)2'], correct: 'C' }),
      1,
      /right option is "C", and there are 2/,
    ],
    [
      'options that are none',
      'aqua',
      'a.jsonl',
      lines({ question: kite, options: 'A)1', correct: 'A' }),
      1,
      /must be a list of 2 to 26/,
    ],
    [
      'a solution without a box',
      'math',
      'a.jsonl',
      lines({ problem: kite, solution: 'So $\\boxed{7$', level: 'Level 1' }),
      1,
      /neither an "answer" nor/,
    ],
    [
      'an element without answer',
      'asdiv',
      'a.xml',
      xml(`${problem('n-1', '7')}\n<Problem ID="n-2"><Body>b</Body><Question>q</Question></Problem>`),
      11,
      /"Answer" is missing/,
    ],
    [
      'a repeated id',
      'asdiv',
      'a.xml',
      xml(`${problem('n-1', '7')}\n${problem('n-1', '8')}`),
      11,
      /is that of line 4 too/,
    ],
  ])('%s', async (_, set, file, content, line, message) => {
    const path = join(folder({ [file]: content }), file);
    await expect(open(set, path)).rejects.toMatchObject({
      code: 'data-invalid',
      message: expect.stringMatching(message),
    });
    await expect(open(set, path)).rejects.toMatchObject({ where: expect.stringMatching(new RegExp(`:${line}\\b`)) });
    const error = (await faultsOf(set, path)).find(({ severity }) => severity === 'error');
    expect(error?.line).toBe(line);
  });

  it('are left out with their count where that is asked for', async () => {
    const data = join(
      folder({ 'a.jsonl': lines({ question: kite, answer: '#### 7' }, { answer: '#### 7' }) }),
      'a.jsonl',
    );
    const { tasks, notes } = await open('gsm8k', data, { faults: 'skip' });
    expect(tasks[0]?.size).toBe(1);
    expect(notes?.join()).toMatch(/1 faulty row left out: .*a.jsonl:2/);
  });

  it('stop at entities that multiply, and at cut documents', async () => {
    const bomb = `<!DOCTYPE c [<!ENTITY a "ha"><!ENTITY b "${'&a;'.repeat(50)}">]>\n${xml(problem('n-1', '&b;'))}`;
    await expect(open('asdiv', join(folder({ 'a.xml': bomb }), 'a.xml'))).rejects.toMatchObject({
      code: 'data-invalid',
      message: expect.stringContaining('document types are refused'),
    });
    const cut = xml(problem('n-1', '7')).slice(0, 200);
    await expect(open('asdiv', join(folder({ 'a.xml': cut }), 'a.xml'))).rejects.toMatchObject({
      code: 'data-truncated',
    });
  });

  it('are told of repeated questions and missing rows by the check', async () => {
    const data = folder({
      'test.jsonl': lines(
        { question: kite, answer: '#### 7' },
        { question: kite, answer: '#### 7' },
        { question: kite, answer: '#### 8' },
      ),
    });
    const messages = (await faultsOf('gsm8k', data)).map(({ line, message }) => `${line ?? ''} ${message}`);
    expect(messages).toEqual([
      '2 the question is that of line 1 again',
      '3 the question is that of line 1 with another answer: 8 and 7',
      ' 3 problems of GSM8K can be read, and 1319 were released in this form',
    ]);
  });

  it.each<[Record<string, string>, RegExp]>([
    [{ prompt: 'loud' }, /prompt cannot be "loud"/],
    [{ shots: '-1' }, /shots cannot be "-1"/],
    [{ shots: '3', examples: 'train' }, /no solved problems of GSM8K/],
    [{ shots: '9' }, /4 worked examples for GSM8K, and 9/],
    [{ split: 'dev' }, /no problems of GSM8K \(split dev\)/],
    [{ colour: 'red' }, /no option "colour"/],
    [{ set: 'svamp' }, /gsm8k cannot read SVAMP/],
  ])('of options %j are told', async (options, message) => {
    const data = folder({ 'test.jsonl': lines({ question: kite, answer: '#### 7' }) });
    await expect(open('gsm8k', data, options)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(message),
    });
  });
});
