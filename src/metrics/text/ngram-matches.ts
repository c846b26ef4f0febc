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

/**
 * N-grams as the nodes of a tree: a node is the n-gram before it and one more token. Edges are in one hash table of plain
 * numbers, made large enough beforehand; this is the innermost loop of BLEU.
 */
class NgramTree {
  private readonly tokens = new Map<string, number>();
  /** Greatest count of each node in one reference, and the count in the text at hand. */
  private greatest = new Uint32Array(1024);
  private counts = new Uint32Array(1024);
  private mask = 0;
  /** By slot: parent and token of an edge, and the child plus one, 0 where the slot is free. */
  private parents = new Int32Array(4096);
  private labels = new Int32Array(4096);
  private children = new Int32Array(4096);
  private size = 0;

  /** Empties the tree and makes room for as many nodes. The arrays are kept: making them cost more than using them. */
  reset(capacity: number): this {
    const slots = 2 << Math.ceil(Math.log2(capacity + 1));
    if (capacity > this.greatest.length) {
      this.greatest = new Uint32Array(capacity);
      this.counts = new Uint32Array(capacity);
    } else this.greatest.fill(0, 0, capacity);
    if (slots > this.children.length) {
      this.parents = new Int32Array(slots);
      this.labels = new Int32Array(slots);
      this.children = new Int32Array(slots);
    } else this.children.fill(0, 0, slots);
    this.mask = slots - 1;
    this.tokens.clear();
    this.size = 0;
    return this;
  }

  /** The slot of an edge, or the free one where it belongs. */
  private slot(parent: number, token: number): number {
    let slot = (Math.imul(parent + 1, 0x9e3779b1) ^ Math.imul(token + 1, 0x85ebca6b)) >>> 0;
    slot = (slot ^ (slot >>> 15)) & this.mask;
    while (this.children[slot] !== 0 && (this.parents[slot] !== parent || this.labels[slot] !== token)) {
      slot = (slot + 1) & this.mask;
    }
    return slot;
  }

  add(tokens: readonly string[], maxOrder: number): void {
    const ids = tokens.map((token) => {
      const id = this.tokens.get(token) ?? this.tokens.size;
      this.tokens.set(token, id);
      return id;
    });
    const counts = this.counts.fill(0, 0, this.size + ids.length * maxOrder);
    for (let start = 0; start < ids.length; start++) {
      let node = -1;
      const end = Math.min(start + maxOrder, ids.length);
      for (let i = start; i < end; i++) {
        const token = ids[i] as number;
        const slot = this.slot(node, token);
        if (this.children[slot] === 0) {
          this.parents[slot] = node;
          this.labels[slot] = token;
          this.children[slot] = ++this.size;
        }
        node = (this.children[slot] as number) - 1;
        const count = (counts[node] as number) + 1;
        counts[node] = count;
        if (count > (this.greatest[node] as number)) this.greatest[node] = count;
      }
    }
  }

  /** Adds to `correct`, by order, what the hypothesis has in common with the references. */
  match(tokens: readonly string[], correct: number[]): void {
    const ids = tokens.map((token) => this.tokens.get(token) ?? -1);
    const counts = this.counts.fill(0, 0, this.size);
    for (let start = 0; start < ids.length; start++) {
      let node = -1;
      for (let order = 0; order < correct.length && start + order < ids.length; order++) {
        const token = ids[start + order] as number;
        if (token < 0) break;
        const child = this.children[this.slot(node, token)] as number;
        if (child === 0) break;
        node = child - 1;
        const count = (counts[node] as number) + 1;
        counts[node] = count;
        if (count <= (this.greatest[node] as number)) correct[order] = (correct[order] as number) + 1;
      }
    }
  }
}

const shared = new NgramTree();

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
  const capacity = references.reduce((sum, { length }) => sum + length, 0) * maxOrder;
  // An endless text gets arrays of its own, which are not kept.
  const tree = (capacity > 1 << 16 ? new NgramTree() : shared).reset(capacity);
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
