import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { folder, kite, lines, open, problem, samplesOf, xml } from './problem-files.ts';

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
