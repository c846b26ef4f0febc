import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  continuePrompt,
  finalAnswer,
  mergeRevision,
  parseSteps,
  renderSteps,
  stepPrompt,
  stepsToVerify,
} from './index.ts';

describe('parseSteps', () => {
  it('cuts tags, keeps the preamble and what stands behind apart', () => {
    const path = parseSteps('Sure!\n<Step 1> 2+3=5 </Step 1>\n<Step 2> 5*2=10 </Step 2>\nThe answer is <ans>10</ans>.');
    expect(path).toEqual({
      preamble: 'Sure!',
      steps: ['2+3=5', '5*2=10'],
      tail: 'The answer is <ans>10</ans>.',
      answer: '10',
    });
    expect(stepsToVerify(path)).toEqual(['2+3=5', '5*2=10\nThe answer is <ans>10</ans>.']);
  });

  it.each([
    ['tags of any case, unclosed', '<STEP 1>a\n<step 2: >b', ['a', 'b']],
    ['tags without numbers', '<Step>a</Step><Step>b</Step>', ['a', 'b']],
    ['words between a closing and the next opening tag', '<Step 1>a</Step 1> so\n<Step 2>b</Step 2>', ['a  so', 'b']],
    ['lines', 'Step 1: a\nmore\nStep 2: b', ['a\nmore', 'b']],
    ['lines in bold or as headings', '**Step 1:** a\n### Step 2. b\nStep 3 - c', ['a', 'b', 'c']],
    ['headings alone on a line', '## Step 1\na\n## Step 2\nb', ['a', 'b']],
    ['a numbered list', 'Let us see.\n1. a\n2) b\n3. c', ['a', 'b', 'c']],
    ['a list within a list', '1. a\n   1. x\n2. b\n1. not this\n3. c', ['a\n   1. x', 'b\n1. not this', 'c']],
    ['paragraphs', 'a\nb\n\nc\n \nd', ['a\nb', 'c', 'd']],
    ['no steps at all', 'just 2.5 + 1 = 3.5', ['just 2.5 + 1 = 3.5']],
    ['a sum that begins a line', '12. \nis it', ['12. \nis it']],
    ['mathematics over several paragraphs', 'a\n\n\\[\nx\n\ny\n\\]\n\nb', ['a', '\\[\nx\n\ny\n\\]', 'b']],
    ['a code block that never closes', 'a\n\n```\nx\n\ny', ['a', '```\nx', 'y']],
    ['blank steps', '<Step 1> </Step 1><Step 2>b</Step 2>', ['b']],
    ['nothing', ' \n ', []],
    ['"step" within a sentence', 'In step 1 we add.\n\nStep 2 is easy.', ['In step 1 we add.', 'Step 2 is easy.']],
  ])('%s', (_name, text, steps) => {
    expect(parseSteps(text).steps).toEqual(steps);
  });

  it('takes a last paragraph that names the answer for no step', () => {
    expect(parseSteps('1. a\n2. b\n\nThe final answer is \\boxed{3}.').tail).toBe('The final answer is \\boxed{3}.');
    expect(parseSteps('1. a\n2. b\n\nSo it goes.').tail).toBe('');
    expect(parseSteps('a\n\nb\n\n<ans>3</ans>')).toMatchObject({ steps: ['a', 'b'], tail: '<ans>3</ans>' });
  });

  it('bounds the number of steps and loses no text', () => {
    const many = Array.from({ length: 500 }, (_, i) => `<Step ${i + 1}>s${i}</Step ${i + 1}>`).join('');
    const { steps } = parseSteps(many);
    expect(steps).toHaveLength(100);
    expect(steps.at(-1)).toContain('s499');
  });

  it('reads hostile texts without delay', () => {
    const hostile = [
      '<step'.repeat(100_000),
      `<step${' '.repeat(200_000)}`,
      '\\boxed{'.repeat(50_000),
      `\\boxed{${'{'.repeat(200_000)}`,
      '<ans>'.repeat(100_000),
      '\n1. '.repeat(50_000),
      `\n${' \n'.repeat(100_000)}`,
      '\nStep 1'.repeat(50_000),
      '```\n\n'.repeat(50_001),
    ];
    for (const text of hostile) expect(parseSteps(text).steps.length).toBeLessThanOrEqual(100);
  }, 10_000);
});

/** Text that likes to look like steps. */
const reply = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '<Step 1>',
        '<Step 2>',
        '</Step 1>',
        '</Step>',
        '<Step>',
        '<step 3>',
        '<St',
        'ep 4>',
        '<ans>',
        '</ans>',
      ),
      fc.constantFrom('\n', '\n\n', 'Step 1:', '1. ', '2. ', '**Step 2.**', '\\boxed{', '}', '```', '\\[', '\\]', ' '),
      fc.string({ maxLength: 8 }),
    ),
    { maxLength: 24 },
  )
  .map((parts) => parts.join(''));

describe('properties', () => {
  it('what is rendered is read back the same', () => {
    fc.assert(
      fc.property(reply, (text) => {
        const path = parseSteps(text);
        const again = parseSteps(renderSteps(path));
        fc.pre(path.steps.length > 0);
        expect(again.steps).toEqual(path.steps);
        expect(again.tail).toBe(path.tail);
        expect(again.preamble).toBe(path.preamble);
      }),
      { numRuns: 2000 },
    );
  });

  it('a merge keeps the steps before the low one byte for byte, and ends in steps of the reply', () => {
    fc.assert(
      fc.property(reply, reply, fc.nat({ max: 5 }), (first, second, at) => {
        const path = parseSteps(first);
        fc.pre(path.steps.length > 0);
        const low = Math.min(at, path.steps.length - 1);
        const { path: merged, taken } = mergeRevision(path, low, second);
        expect(merged.steps.slice(0, low)).toEqual(path.steps.slice(0, low));
        expect(merged.steps.length).toBe(taken === 0 ? path.steps.length : low + taken);
        for (const step of merged.steps) expect(step).toBe(step.trim());
      }),
      { numRuns: 2000 },
    );
  });
});

describe('mergeRevision', () => {
  const path = parseSteps('<Step 1>a</Step 1><Step 2>b</Step 2><Step 3>c</Step 3><ans>9</ans>');
  const steps = (low: number, reply: string): readonly string[] => mergeRevision(path, low, reply).path.steps;

  it.each([
    ['goes on from the low step', 1, '<Step 2>B</Step 2><Step 3>C</Step 3>', ['a', 'B', 'C']],
    ['starts over and words the kept step anew', 1, '<Step 1>A!</Step 1><Step 2>B</Step 2>', ['a', 'B']],
    ['repeats the kept steps without numbers', 2, '<Step>a</Step><Step>b</Step><Step>C</Step>', ['a', 'b', 'C']],
    ['numbers what follows from 1', 2, '<Step 1>C</Step 1>', ['a', 'b', 'C']],
    ['has no tags', 1, 'B in a sentence.', ['a', 'B in a sentence.']],
    ['rewrites all', 0, '<Step 1>A</Step 1>', ['A']],
    ['is empty', 1, ' ', ['a', 'b', 'c']],
    ['only repeats the kept steps', 1, '<Step 1>a</Step 1>', ['a', 'b', 'c']],
  ])('takes a reply that %s', (_name, low, reply, expected) => {
    expect(steps(low, reply)).toEqual(expected);
  });

  it('forgets the answer of the steps that are gone', () => {
    expect(mergeRevision(path, 1, '<Step 2>B</Step 2>').path.answer).toBeNull();
    expect(mergeRevision(path, 1, '<Step 2>B</Step 2> <ans>8</ans>').path).toMatchObject({
      answer: '8',
      tail: '<ans>8</ans>',
    });
  });
});

describe('finalAnswer', () => {
  it.each([
    ['<ans>1</ans> and <ans> 2 </ans>', '2'],
    ['\\boxed{1} then <ans>2</ans> then \\boxed{3}', '2'],
    ['\\boxed{\\frac{1}{2}} or \\boxed{\\frac{3}{4}}', '\\frac{3}{4}'],
    ['<ans>\\boxed{7}</ans>', '7'],
    ['<answer>x</answer>', 'x'],
    ['<ans>12\nand more', '12'],
    ['<ans></ans> \\boxed{5}', '5'],
    ['\\boxed{5} \\boxed{6', '5'],
    ['\\boxed{ \\} }', '\\}'],
    ['12', null],
    ['', null],
  ])('%s', (text, answer) => {
    expect(finalAnswer(text)).toBe(answer);
  });
});

describe('stepPrompt', () => {
  it('puts the form before the last question and keeps its images', () => {
    const image = { label: 'a.png', load: () => Promise.reject(new Error('not read')) };
    const parts = [
      { type: 'text', text: 'q' },
      { type: 'image', image },
    ] as const;
    const asked = stepPrompt([
      { role: 'system', content: 's' },
      { role: 'user', content: parts },
    ]);
    expect(asked).toHaveLength(2);
    expect(asked[1]?.content.slice(1)).toEqual(parts);
    expect(JSON.stringify(asked[1]?.content[0])).toContain('<ans>');
    expect(stepPrompt([{ role: 'user', content: 'q' }])[0]?.content).toMatch(/<ans>[^]*\n\nq$/);
  });

  it('asks for what follows steps that stand', () => {
    const asked = continuePrompt([{ role: 'user', content: 'q' }], ['a', 'b']);
    expect(asked).toHaveLength(1);
    expect(asked[0]?.content).toMatch(/\n\nq\n\n[^]*<Step 2> b <\/Step 2>[^]*write <Step 3>/);
  });
});
