/**
 * Looks keys up in a double-array trie as MeCab's dictionaries store it: pairs of base and check, one transition a byte
 * (J. Aoe, An Efficient Digital Search Algorithm by Using a Double-Array Structure, IEEE TSE 15, 1989).
 */
export class DoubleArray {
  private readonly base: Int32Array;
  private readonly check: Int32Array;

  constructor(pairs: Int32Array) {
    const size = pairs.length >>> 1;
    this.base = new Int32Array(size);
    this.check = new Int32Array(size);
    for (let i = 0; i < size; i++) {
      this.base[i] = pairs[2 * i] as number;
      this.check[i] = pairs[2 * i + 1] as number;
    }
  }

  /** Calls back for every key that `bytes` has from `start` on, shortest first, with its length and value. */
  prefixes(bytes: Uint8Array, start: number, end: number, found: (length: number, value: number) => void): void {
    const { base, check } = this;
    let state = base[0] as number;
    for (let i = start; ; i++) {
      const value = base[state] as number;
      if (check[state] === state && value < 0) found(i - start, -value - 1);
      if (i >= end) return;
      const next = state + (bytes[i] as number) + 1;
      if (check[next] !== state) return;
      state = base[next] as number;
    }
  }

  /** The value of a whole key, undefined where there is none. */
  value(key: Uint8Array): number | undefined {
    let result: number | undefined;
    this.prefixes(key, 0, key.length, (length, value) => {
      if (length === key.length) result = value;
    });
    return result;
  }
}
