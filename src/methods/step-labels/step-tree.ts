/** A step that was written, or the answer that a path ended with, in a tree of solutions to one question. */
export interface TreeNode {
  /** `S11` and `S12` below the question; then the parent's id with `S{depth}{place}`. */
  readonly id: string;
  /** Null below the question. */
  readonly parent: string | null;
  readonly text: string;
  /** Leaves are answers. */
  readonly kind: 'step' | 'answer';
}

/** Name of the root in released trees. */
export const rootId = 'Q';

export function childId(parent: string | null, depth: number, place: number): string {
  return `${parent ?? ''}S${depth}${place}`;
}

/** The question and steps in the form that StepCo's verifiers are trained on (specification, section 2.7). */
export function reasoningPath(question: string, steps: readonly string[]): string {
  return `Q: ${question}\nA: \n${steps.map((step, i) => `<Step ${i + 1}>\n${step}\n</Step ${i + 1}>`).join('\n\n')}`;
}

/** One labelled beginning of a solution. */
export interface StepLabel {
  readonly node: string;
  readonly parent: string;
  /** Steps in the path, an answer counted as one. */
  readonly depth: number;
  readonly kind: TreeNode['kind'];
  readonly reasoning_path: string;
  /** pi: right leaves over leaves; 0 without leaves. */
  readonly accuracy: number;
  readonly leaves: number;
  readonly right: number;
}

/**
 * Labels every node of a tree with the share of the answers below it that are right (StepCo, Wu et al., ACL 2025,
 * arXiv 2410.12934): pi(m) = right leaves under m / leaves under m. An answer is its own leaf. Rows come in the order of
 * the nodes.
 * @throws RangeError for a node whose parent is not before it, and for a repeated id
 */
export function labelTree(
  question: string,
  nodes: readonly TreeNode[],
  isRight: (answer: string) => boolean,
): StepLabel[] {
  const byId = new Map<string, TreeNode>();
  const counts = new Map<string, { leaves: number; right: number }>();
  const above = (node: TreeNode): TreeNode[] => {
    const chain = [node];
    for (let at = node; at.parent !== null; chain.push(at)) at = byId.get(at.parent) as TreeNode;
    return chain;
  };
  for (const node of nodes) {
    if (byId.has(node.id)) throw new RangeError(`The tree has two nodes ${node.id}.`);
    if (node.parent !== null && !byId.has(node.parent)) {
      throw new RangeError(`The parent ${node.parent} of ${node.id} does not come before it.`);
    }
    byId.set(node.id, node);
    counts.set(node.id, { leaves: 0, right: 0 });
    if (node.kind !== 'answer') continue;
    const right = isRight(node.text) ? 1 : 0;
    for (const { id } of above(node)) {
      const count = counts.get(id) as { leaves: number; right: number };
      count.leaves += 1;
      count.right += right;
    }
  }
  return nodes.map((node) => {
    const path = above(node).reverse();
    const { leaves, right } = counts.get(node.id) as { leaves: number; right: number };
    return {
      node: node.id,
      parent: node.parent ?? rootId,
      depth: path.length,
      kind: node.kind,
      reasoning_path: reasoningPath(
        question,
        path.map(({ text }) => text),
      ),
      accuracy: leaves === 0 ? 0 : right / leaves,
      leaves,
      right,
    };
  });
}
