import type { Dictionary, Lexicon } from './dictionary.ts';

/** Longest run of like characters that is also tried as one unknown word. MeCab's default. */
const longestGroup = 24;
/** Words are looked for within this many bytes. MeCab's limit. */
const window = 65_535;

/** Columns that grow together. */
class Nodes {
  count = 0;
  /** Where the word begins and ends, without the space before it. */
  start = new Int32Array(256);
  end = new Int32Array(256);
  left = new Uint16Array(256);
  right = new Uint16Array(256);
  wordCost = new Int16Array(256);
  cost = new Int32Array(256);
  /** Best node before, and next node in the list of those that end at the same place. */
  before = new Int32Array(256);
  next = new Int32Array(256);

  private grow(): void {
    const doubled = <T extends Int32Array | Uint16Array | Int16Array>(old: T): T => {
      const larger = new (old.constructor as new (length: number) => T)(old.length * 2);
      larger.set(old);
      return larger;
    };
    this.start = doubled(this.start);
    this.end = doubled(this.end);
    this.left = doubled(this.left);
    this.right = doubled(this.right);
    this.wordCost = doubled(this.wordCost);
    this.cost = doubled(this.cost);
    this.before = doubled(this.before);
    this.next = doubled(this.next);
  }

  add(start: number, end: number, left: number, right: number, wordCost: number): void {
    if (this.count === this.start.length) this.grow();
    const node = this.count++;
    this.start[node] = start;
    this.end[node] = end;
    this.left[node] = left;
    this.right[node] = right;
    this.wordCost[node] = wordCost;
  }
}

/**
 * Splits text into words by the cheapest path through all words that fit, as MeCab does
 * (T. Kudo, K. Yamamoto, Y. Matsumoto, Applying Conditional Random Fields to Japanese Morphological Analysis, EMNLP 2004).
 * Among paths of equal cost the one that MeCab takes is taken: the order in which nodes are tried, latest first, is part of
 * the result.
 */
export class Lattice {
  private readonly dictionary: Dictionary;
  private bytes: Uint8Array = new Uint8Array(0);
  private nodes = new Nodes();
  /** Bytes of the character last asked for. */
  private width = 1;

  constructor(dictionary: Dictionary) {
    this.dictionary = dictionary;
  }

  /** Character properties at a byte; characters beyond U+FFFF count as U+0000, as in MeCab. */
  private property(at: number): number {
    const { bytes } = this;
    const first = bytes[at] as number;
    let code = 0;
    if (first < 0x80) {
      this.width = 1;
      code = first;
    } else if (first < 0xe0) {
      this.width = 2;
      code = ((first & 0x1f) << 6) | ((bytes[at + 1] as number) & 0x3f);
    } else if (first < 0xf0) {
      this.width = 3;
      code = ((first & 0x0f) << 12) | (((bytes[at + 1] as number) & 0x3f) << 6) | ((bytes[at + 2] as number) & 0x3f);
    } else this.width = 4;
    return this.dictionary.characters[code] ?? 0;
  }

  private addEntries(nodes: Nodes, { left, right, cost }: Lexicon, value: number, start: number, end: number): void {
    const first = value >>> 8;
    for (let i = first; i < first + (value & 0xff); i++) {
      nodes.add(start, end, left[i] as number, right[i] as number, cost[i] as number);
    }
  }

  /** Adds the words that begin at `position`, after white space. */
  private lookUp(nodes: Nodes, position: number): void {
    const { words, unknown, unknownEntries } = this.dictionary;
    const end = Math.min(this.bytes.length, position + window);
    let start = position;
    let kind = this.dictionary.characters[0x20] as number;
    let property = kind;
    while (start < end) {
      property = this.property(start);
      if ((kind & property & 0x3ffff) === 0) break;
      kind = property;
      start += this.width;
    }
    if (start >= end) return;
    const firstWidth = this.width;
    const before = nodes.count;
    words.keys.prefixes(this.bytes, start, end, (length, value) =>
      this.addEntries(nodes, words, value, start, start + length),
    );
    const alwaysAsk = property >>> 31 === 1;
    if (nodes.count > before && !alwaysAsk) return;

    const entries = unknownEntries[(property >>> 18) & 0xff] as number;
    const addUnknown = (wordEnd: number): void => this.addEntries(nodes, unknown, entries, start, wordEnd);
    const afterFirst = start + firstWidth;
    let groupEnd = -1;
    if (((property >>> 30) & 1) === 1) {
      let length = 0;
      let like = property;
      groupEnd = afterFirst;
      while (groupEnd < end) {
        const next = this.property(groupEnd);
        if ((like & next & 0x3ffff) === 0) break;
        like = next;
        groupEnd += this.width;
        length++;
      }
      if (length <= longestGroup) addUnknown(groupEnd);
    }
    let wordEnd = afterFirst;
    const longest = (property >>> 26) & 0xf;
    for (let i = 1; i <= longest && wordEnd <= end; i++) {
      if (wordEnd === groupEnd) continue;
      addUnknown(wordEnd);
      if (wordEnd >= end || (property & this.property(wordEnd) & 0x3ffff) === 0) break;
      wordEnd += this.width;
    }
    if (nodes.count === before) addUnknown(afterFirst);
  }

  /** Gives `node` its cheapest predecessor among those that end at a place. */
  private connect(nodes: Nodes, node: number, firstBefore: number): void {
    const { connections, rightSize } = this.dictionary;
    const row = rightSize * (nodes.left[node] as number);
    let best = -1;
    let bestCost = Infinity;
    for (let candidate = firstBefore; candidate >= 0; candidate = nodes.next[candidate] as number) {
      const cost =
        (nodes.cost[candidate] as number) + (connections[row + (nodes.right[candidate] as number)] as number);
      if (cost < bestCost) {
        best = candidate;
        bestCost = cost;
      }
    }
    nodes.before[node] = best;
    nodes.cost[node] = bestCost + (nodes.wordCost[node] as number);
  }

  /** The words of a text, white space left out. */
  split(text: string): string[] {
    const bytes = Buffer.from(text);
    this.bytes = bytes;
    // Kept from text to text, unless one endless text made them huge.
    if (this.nodes.start.length > 1 << 18) this.nodes = new Nodes();
    const { nodes } = this;
    nodes.count = 0;
    const endingAt = new Int32Array(bytes.length + 1).fill(-1);
    nodes.add(0, 0, 0, 0, 0);
    nodes.next[0] = -1;
    endingAt[0] = 0;
    for (let position = 0; position < bytes.length; position++) {
      const firstBefore = endingAt[position] as number;
      if (firstBefore < 0) continue;
      const from = nodes.count;
      this.lookUp(nodes, position);
      for (let node = from; node < nodes.count; node++) {
        this.connect(nodes, node, firstBefore);
        const end = nodes.end[node] as number;
        nodes.next[node] = endingAt[end] as number;
        endingAt[end] = node;
      }
    }
    let last = bytes.length;
    while ((endingAt[last] as number) < 0) last--;
    nodes.add(last, last, 0, 0, 0);
    this.connect(nodes, nodes.count - 1, endingAt[last] as number);
    const words: string[] = [];
    for (let node = nodes.before[nodes.count - 1] as number; node > 0; node = nodes.before[node] as number) {
      words.push(bytes.toString('utf8', nodes.start[node], nodes.end[node]));
    }
    return words.reverse();
  }
}
