import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { OpenedBenchmark, Sample, Task } from '../../src/core/index.ts';
import { loadBenchmark } from '../../src/benchmarks/index.ts';

type Row = Record<string, unknown>;

const lines = (...rows: Row[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

function folder(files: Record<string, string | Uint8Array>): string {
  const root = mkdtempSync(join(tmpdir(), 'fettle-math-'));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), content);
  }
  return root;
}

const open = async (
  name: string,
  data: string,
  options: Record<string, string> = {},
  mode = 'strict',
): Promise<OpenedBenchmark> => (await loadBenchmark(name)).open({ data, mode, options });

async function samplesOf({ tasks }: OpenedBenchmark): Promise<Sample[]> {
  return (await Promise.all(tasks.map(async (task: Task) => Array.fromAsync(task.samples())))).flat();
}

const faultsOf = async (name: string, data: string) => {
  const { check } = await loadBenchmark(name);
  return Array.fromAsync(check?.(data) ?? []);
};

const kite = 'Ola flies 3 kites and Per flies 4. How many kites are in the air?';
const xml = (problems: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<Corpus>\n<ProblemSet>\n${problems}\n</ProblemSet>\n</Corpus>\n`;
const problem = (id: string, answer: string): string =>
  `<Problem ID="${id}" Grade="2" Source="https://www.example.org/a">\n<Body>Ola flies 3 kites &amp; Per flies 4.</Body>\n<Question>How many?</Question>\n<Solution-Type>Addition</Solution-Type>\n<Answer>${answer}</Answer>\n<Formula>3+4=7</Formula>\n</Problem>`;

describe('forms, told by what is in the file', () => {
  it.each<[form: string, set: string, name: string, content: string, target: string, labels: Record<string, string>]>([
    [
      'grade-school-math',
      'gsm8k',
      'x.jsonl',
      lines({ question: kite, answer: 'All: 3+4=<<3+4=7>>7\n#### 1,007' }),
      '1007',
      { steps: '1' },
    ],
    ['steps', 'gsm8k', 'x.jsonl', lines({ question: kite, answer: '7', n_steps: 2 }), '7', { steps: '2' }],
    [
      'svamp',
      'svamp',
      'x.json',
      JSON.stringify([
        {
          ID: 'c-1',
          Body: 'Ola flies 3 kites.',
          Question: 'How many?',
          Equation: '( 3.0 + 4.0 )',
          Answer: 7.0,
          Type: 'Addition',
        },
      ]),
      '7',
      { type: 'Addition', steps: '1' },
    ],
    [
      'prp',
      'addsub',
      'x.json',
      JSON.stringify([
        {
          problem: kite,
          conditions: [],
          question: 'How many?',
          equation: 'X = 3 + 4',
          gold_answer: '7',
          verify_condition_index: 0,
        },
      ]),
      '7',
      { steps: '1' },
    ],
    [
      'prp with numbers',
      'singleop',
      'x.json',
      JSON.stringify([{ problem: kite, gold_answer: 7.5, equation: 'None' }]),
      '7.5',
      {},
    ],
    [
      'i3c',
      'multiarith',
      'x.json',
      JSON.stringify([{ original_question: kite, gold_answer: 7.0, equation: '3+4*1' }]),
      '7',
      { steps: '2' },
    ],
    ['mawps', 'singleeq', 'x.jsonl', lines({ input: kite, target: 7.0 }), '7', {}],
    [
      'GSM-IC',
      'gsm-ic2',
      'x.json',
      JSON.stringify([{ original_question: 'How many?', answer: '7', new_question: kite, n_steps: 2, role: 'Ola' }]),
      '7',
      { steps: '2' },
    ],
    [
      'AQuA',
      'aqua',
      'x.json',
      lines(
        { question: kite, options: ['A)6', 'B)7'], rationale: '3 + 4', correct: 'B' },
        { question: 'b', options: ['A)1', 'B)2'], rationale: '', correct: 'A' },
      ),
      'B',
      {},
    ],
    [
      'MATH500',
      'math500',
      'x.jsonl',
      lines({
        problem: kite,
        solution: 'So $\\boxed{7}$',
        answer: '7',
        subject: 'Algebra',
        level: 2,
        unique_id: 'test/a/1.json',
      }),
      '7',
      { level: '2', subject: 'Algebra' },
    ],
    [
      'MATH',
      'math',
      'x.json',
      JSON.stringify({
        problem: kite,
        level: 'Level 3',
        type: 'Algebra',
        solution: 'Not $\\boxed{1}$ but $\\boxed{\\frac{7}{\\sqrt{1}}}$.',
      }),
      '\\frac{7}{\\sqrt{1}}',
      { level: '3', subject: 'Algebra' },
    ],
    [
      'ASDiv',
      'asdiv',
      'x.xml',
      xml(problem('n-1', '7 (kites)')),
      '7 (kites)',
      { type: 'Addition', grade: '2', source: 'example.org', steps: '1' },
    ],
    [
      'ASDiv rows',
      'asdiv',
      'x.jsonl',
      lines({
        body: 'Ola flies 3 kites.',
        question: 'How many?',
        solution_type: 'Addition',
        answer: '7 (kites)',
        formula: '3+4=7',
      }),
      '7 (kites)',
      { type: 'Addition', steps: '1' },
    ],
  ])('%s', async (_, set, name, content, target, labels) => {
    for (const [file, written] of [
      [name, content],
      [`${name}.gz`, gzipSync(content)],
    ] as const) {
      const root = folder({ [file]: written });
      for (const data of [root, join(root, file)]) {
        const samples = await samplesOf(await open(set, data));
        expect(samples[0]?.target).toBe(target);
        expect(samples[0]?.labels).toEqual({ set, ...labels });
        expect(samples[0]?.metadata?.['question']).toContain(set === 'aqua' ? '(B) 7' : '');
      }
    }
  });

  it('takes sets by the names of files and folders where a form can hold several', async () => {
    const row = JSON.stringify([{ problem: kite, gold_answer: '7', equation: '' }]);
    const root = folder({
      'AddSub.json': row,
      'GSM-IC2.json': row,
      'mawps/singleop.jsonl': lines({ input: kite, target: 7 }),
      'SVAMP/test.json': row,
      'other.json': row,
      'log.jsonl': lines({ problem: kite, gold_answer: 7, 'iter-0': {} }),
    });
    const { tasks, notes } = await open('math-word-problems', root);
    expect(tasks.map(({ name }) => name)).toEqual(['svamp', 'addsub', 'gsm-ic2', 'singleop']);
    expect(notes?.join()).toMatch(/2 files hold no problems of a known set: log.jsonl, other.json/);
    await expect(open('gsm-icm', join(root, 'AddSub.json'))).rejects.toMatchObject({
      code: 'data-missing',
      hint: expect.stringContaining('it is AddSub'),
    });
    expect((await open('math-word-problems', join(root, 'other.json'), { set: 'gsm-icm' })).tasks[0]?.name).toBe(
      'gsm-icm',
    );
  });

  it('reads thousands of files of one problem, by their folders’ splits', async () => {
    const one = (i: number): string =>
      JSON.stringify({ problem: `What is ${i}?`, level: 'Level 1', type: 'Algebra', solution: `\\boxed{${i}}` });
    const files: Record<string, string> = {};
    for (let i = 0; i < 120; i++) files[`MATH/${i < 80 ? 'test' : 'train'}/algebra/${i}.json`] = one(i);
    const root = folder(files);
    expect((await open('math', root)).tasks[0]?.size).toBe(80);
    expect((await open('math', root, { split: 'train' })).tasks[0]?.size).toBe(40);
  });

  it('keeps the problems of one of ASDiv’s lists', async () => {
    const content = xml([problem('n-1', '7'), problem('n-2', '7'), problem('n-3', '7')].join('\n'));
    const json = folder({ 'asdiv.xml': content, 'nfolds.json': JSON.stringify({ 'asdiv-a': [['n-1'], ['n-3']] }) });
    const text = folder({
      'ASDiv.xml': content,
      'nfolds/asdiv-a/fold0.txt': 'n-1\nn-3\n',
      'nfolds/asdiv-w/fold0.txt': 'n-2\n',
    });
    for (const root of [json, text]) {
      const samples = await samplesOf(await open('asdiv', root, { list: 'asdiv-a' }));
      expect(samples.map(({ id }) => id)).toEqual(['n-1', 'n-3']);
    }
    await expect(open('asdiv', join(json, 'asdiv.xml'), { list: 'asdiv-a' })).rejects.toMatchObject({
      code: 'data-missing',
    });
  });
});

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
