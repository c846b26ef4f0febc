/** Clipped n-gram matches of one text against its references, and the lengths that BLEU needs. */
export interface NgramMatches {
  /** Tokens of the hypothesis. */
  readonly hypothesisLength: number;
  /** Length of the reference closest to it, the shorter of two equally close. */
  readonly referenceLength: number;
  /** By order from 1: matched n-grams, each at most as often as the reference that has it most. */
  readonly correct: number[];
  /** By order from 1: n-grams of the hypothesis. */
  readonly total: number[];
}

/** N-grams as the nodes of a tree: a node is the n-gram before it and one more token. */
class NgramTree {
  private readonly tokens = new Map<string, number>();
  private readonly children = new Map<number, number>();
  /** Greatest count in one reference, by node. */
  readonly greatest: number[] = [];

  private tokenId(token: string): number {
    let id = this.tokens.get(token);
    if (id === undefined) {
      id = this.tokens.size;
      this.tokens.set(token, id);
    }
    return id;
  }

  add(tokens: readonly string[], maxOrder: number): void {
    const ids = tokens.map((token) => this.tokenId(token));
    const counts = new Uint32Array(this.greatest.length + ids.length * maxOrder);
    for (let start = 0; start < ids.length; start++) {
      let node = -1;
      const end = Math.min(start + maxOrder, ids.length);
      for (let i = start; i < end; i++) {
        node = this.child(node, ids[i] as number);
        counts[node] = (counts[node] as number) + 1;
        if ((counts[node] as number) > (this.greatest[node] as number)) this.greatest[node] = counts[node] as number;
      }
    }
  }

  private child(node: number, token: number): number {
    const key = keyOf(node, token);
    let child = this.children.get(key);
    if (child === undefined) {
      child = this.greatest.length;
      this.children.set(key, child);
      this.greatest.push(0);
    }
    return child;
  }

  /** Adds to `correct` what the hypothesis has in common with the references. */
  match(tokens: readonly string[], correct: number[]): void {
    const ids = tokens.map((token) => this.tokens.get(token) ?? -1);
    const counts = new Uint32Array(this.greatest.length);
    for (let start = 0; start < ids.length; start++) {
      let node = -1;
      for (let order = 0; order < correct.length && start + order < ids.length; order++) {
        const token = ids[start + order] as number;
        const next = token < 0 ? undefined : this.children.get(keyOf(node, token));
        if (next === undefined) break;
        node = next;
        counts[node] = (counts[node] as number) + 1;
        if ((counts[node] as number) <= (this.greatest[node] as number))
          correct[order] = (correct[order] as number) + 1;
      }
    }
  }
}

/** Nodes and tokens stay far below 2^25, so that the key is exact. */
function keyOf(node: number, token: number): number {
  return (node + 1) * 0x2000000 + token;
}

function closestLength(length: number, references: readonly (readonly string[])[]): number {
  let closest = -1;
  for (const { length: candidate } of references) {
    const difference = Math.abs(length - candidate);
    const best = Math.abs(length - closest);
    if (closest < 0 || difference < best || (difference === best && candidate < closest)) closest = candidate;
  }
  return closest;
}

/** K. Papineni et al., BLEU: a Method for Automatic Evaluation of Machine Translation, ACL 2002, section 2.1. */
export function matchNgrams(
  hypothesis: readonly string[],
  references: readonly (readonly string[])[],
  maxOrder: number,
): NgramMatches {
  const tree = new NgramTree();
  for (const reference of references) tree.add(reference, maxOrder);
  const correct = Array.from({ length: maxOrder }, () => 0);
  tree.match(hypothesis, correct);
  const total = Array.from({ length: maxOrder }, (_, order) => Math.max(0, hypothesis.length - order));
  return {
    hypothesisLength: hypothesis.length,
    referenceLength: closestLength(hypothesis.length, references),
    correct,
    total,
  };
}
