import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { labelTree, sameAsReleased, type TreeNode } from '../../src/methods/index.ts';

const file = fileURLToPath(new URL('../../../shared/data/stepco/golden/golden-scores.json', import.meta.url));
const here = existsSync(file);
if (!here) console.warn('the golden vectors are not at ../shared/data/stepco: labels of trees are not compared');

interface ReleasedNode {
  readonly identifier: string;
  readonly parent: string;
  readonly data: string;
  readonly type: 'root_node' | 'child_node' | 'leaf_node';
}

interface GoldenTrees {
  readonly input_trees: readonly ({ readonly gold_answer: number } & Record<string, ReleasedNode | number>)[];
  readonly output_rows: readonly { readonly reasoning_path: string; readonly accuracy: number }[];
}

describe.skipIf(!here)('labels of the released maker of trees', () => {
  it('are equal, row by row', () => {
    const golden = (JSON.parse(readFileSync(file, 'utf8')) as { tree_labels: GoldenTrees }).tree_labels;
    const rows = golden.input_trees.flatMap((tree) => {
      const all = Object.values(tree).filter((node): node is ReleasedNode => typeof node === 'object');
      const root = all.find(({ type }) => type === 'root_node');
      const nodes = all
        .filter(({ type }) => type !== 'root_node')
        .map(({ identifier, parent, data, type }): TreeNode => ({
          id: identifier,
          parent: parent === root?.identifier ? null : parent,
          text: data,
          kind: type === 'leaf_node' ? 'answer' : 'step',
        }));
      return labelTree(root?.data ?? '', nodes, (answer) => sameAsReleased(answer, tree.gold_answer));
    });
    expect(rows.map(({ reasoning_path, accuracy }) => ({ reasoning_path, accuracy }))).toEqual(golden.output_rows);
    expect(rows).toHaveLength(15);
  });
});
