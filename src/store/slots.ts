/** Pairs of index and epoch, a bit each where they lie close together. */
export interface Slots {
  add(index: number, epoch: number): void;
  has(index: number, epoch: number): boolean;
  readonly size: number;
}

const bits = 4096;

export function createSlots(): Slots {
  /** By epoch, then by block of indexes. */
  const blocks = new Map<number, Map<number, Uint32Array>>();
  let size = 0;
  return {
    add(index, epoch) {
      const block = Math.floor(index / bits);
      let ofEpoch = blocks.get(epoch);
      if (ofEpoch === undefined) blocks.set(epoch, (ofEpoch = new Map()));
      let words = ofEpoch.get(block);
      if (words === undefined) ofEpoch.set(block, (words = new Uint32Array(bits / 32)));
      const bit = index % bits;
      const word = words[bit >>> 5] as number;
      const mask = 1 << (bit & 31);
      if ((word & mask) === 0) size += 1;
      words[bit >>> 5] = word | mask;
    },
    has(index, epoch) {
      const word = blocks.get(epoch)?.get(Math.floor(index / bits))?.[(index % bits) >>> 5];
      return word !== undefined && (word & (1 << (index & 31))) !== 0;
    },
    get size() {
      return size;
    },
  };
}
