import { describe, expect, it } from 'vitest';
import { labelTree, type TreeNode } from './step-tree.ts';

const step = (id: string, parent: string | null, text = id): TreeNode => ({ id, parent, text, kind: 'step' });
const answer = (id: string, parent: string | null, text: string): TreeNode => ({ id, parent, text, kind: 'answer' });
const isFour = (text: string): boolean => text === '4';

describe('labelTree', () => {
  it('gives each node the share of right answers below it, in order', () => {
    const rows = labelTree(
      'Two and two?',
      [
        step('S11', null, 'Add them.'),
        step('S12', null, 'Multiply them.'),
        answer('S11S21', 'S11', '4'),
        step('S11S22', 'S11', 'Add one more.'),
        answer('S11S22S31', 'S11S22', '5'),
        answer('S12S21', 'S12', '4'),
        step('S12S22', 'S12', 'Stop.'),
      ],
      isFour,
    );
    expect(rows.map(({ node, accuracy, leaves, right }) => [node, accuracy, leaves, right])).toEqual([
      ['S11', 0.5, 2, 1],
      ['S12', 1, 1, 1],
      ['S11S21', 1, 1, 1],
      ['S11S22', 0, 1, 0],
      ['S11S22S31', 0, 1, 0],
      ['S12S21', 1, 1, 1],
      ['S12S22', 0, 0, 0],
    ]);
    expect(rows[4]?.reasoning_path).toBe(
      'Q: Two and two?\nA: \n<Step 1>\nAdd them.\n</Step 1>\n\n<Step 2>\nAdd one more.\n</Step 2>\n\n<Step 3>\n5\n</Step 3>',
    );
    expect(rows[4]).toMatchObject({ parent: 'S11S22', depth: 3, kind: 'answer' });
    expect(rows[0]?.parent).toBe('Q');
  });

  it('refuses what is no tree', () => {
    expect(() => labelTree('q', [step('S11S21', 'S11'), step('S11', null)], isFour)).toThrow(/does not come before/);
    expect(() => labelTree('q', [step('S11', null), step('S11', null)], isFour)).toThrow(/two nodes/);
  });
});
