import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { makeExperiment } from './__fixtures__/experiment.ts';
import { unlearningMarkdown } from './unlearning-markdown.ts';
import { unlearningTable } from './unlearning-table.ts';

const hostile = (name: string): string =>
  `${name}\u001b[31m\n| x |\u202e<script>alert(1)</script>[a](javascript:1)\`\``;

describe('unlearningTable', () => {
  it('shows every arm with its interval, targets and why they are missed', () => {
    const text = unlearningTable(makeExperiment(), { width: 110 });
    expect(text).toMatch(/^Arm +Forget +95 % +Retain +95 % +Kept +Targets +Published$/m);
    expect(text).toMatch(/^Original +\d\d\.\d +\d\d\.\d–\d\d\.\d +\d\d\.\d .* 86\.08 \/ 72\.85$/m);
    expect(text).toMatch(/^CLIPErase .* \d of 9 +0\.00 \/ 90\.80$/m);
    expect(text).toMatch(/missed: \w+, seed \d: retain \d\d\.\d % is 9\d\.\d\d % of what it was, less than 98\.0 %/);
    expect(text).toContain('Student’s t over the means of 3 seeds');
  });

  it('says what gave no model', () => {
    const experiment = makeExperiment();
    const text = unlearningTable({
      ...experiment,
      outcomes: experiment.outcomes.filter(({ arm, seed }) => arm !== 'f' || seed !== 1),
      failures: [{ concept: 'apple', arm: 'f', seed: 1, reason: 'the loss became not a number' }],
    });
    expect(text).toContain('no model: Forgetting, apple, seed 1: the loss became not a number');
    expect(text).toContain('no model: Forgetting, bicycle, seed 1: not run');
  });

  it.each([60, 80, 140])('fits %i columns, whatever names do', (width) => {
    const text = unlearningTable(makeExperiment({ rename: hostile }), { width, unicode: false });
    // eslint-disable-next-line no-control-regex
    expect(text.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f\u202e]/);
    for (const line of text.split('\n')) expect(stringWidth(line)).toBeLessThanOrEqual(width);
  });
});

describe('unlearningMarkdown', () => {
  it('prints ablation, baselines and every model as tables', () => {
    const text = unlearningMarkdown(makeExperiment(), { level: 3 });
    expect(text).toMatch(/^### Ablation$/m);
    expect(text).toMatch(/^\| \*\*CLIPErase\*\* \| .* \| \d of 9 \| .* \| 0\.00 \| 90\.80 \|$/m);
    expect(text.match(/^\| Retrained without forget set \| \w+ \| \d \|/gm)).toHaveLength(9);
    for (const block of text
      .trimEnd()
      .split('\n\n')
      .filter((part) => part.startsWith('| '))) {
      const cells = block.split('\n').map((line) => line.match(/(?<!\\)\|/g)?.length);
      expect(new Set(cells).size).toBe(1);
    }
  });

  it('takes no markup from names', () => {
    const text = unlearningMarkdown(makeExperiment({ rename: hostile }));
    const outsideCode = text.replace(/^- Command: .*$/m, '');
    expect(outsideCode).not.toMatch(/(?<!\\)<script/);
    expect(outsideCode).not.toMatch(/(?<!\\)\[a/);
    for (const block of text
      .trimEnd()
      .split('\n\n')
      .filter((part) => part.startsWith('| '))) {
      const cells = block.split('\n').map((line) => line.match(/(?<!\\)\|/g)?.length);
      expect(new Set(cells).size).toBe(1);
    }
  });
});
