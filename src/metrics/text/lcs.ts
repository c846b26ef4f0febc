/** Bit-vectors of where each token of `first` stands, 32 positions a word. */
function positionMasks(first: readonly string[], words: number): Map<string, Uint32Array> {
  const masks = new Map<string, Uint32Array>();
  for (let i = 0; i < first.length; i++) {
    const token = first[i] as string;
    let mask = masks.get(token);
    if (mask === undefined) {
      mask = new Uint32Array(words);
      masks.set(token, mask);
    }
    mask[i >>> 5] = (mask[i >>> 5] as number) | (1 << (i & 31));
  }
  return masks;
}

function zeroBits(words: Uint32Array): number {
  let count = 0;
  for (let i = 0; i < words.length; i++) {
    for (let rest = ~(words[i] as number); rest !== 0; rest &= rest - 1) count++;
  }
  return count;
}

/**
 * Length of the longest common subsequence of two token lists.
 *
 * Bit-parallel row update (H. Hyyrö, Bit-parallel LCS-length computation revisited, AWOCA 2004):
 * V ← (V + (V & M)) | (V & ~M), the length is the number of zero bits of V.
 * O(n·m / 32) steps, O(distinct tokens · n / 32) memory.
 */
export function lcsLength(first: readonly string[], second: readonly string[]): number {
  if (first.length > second.length) return lcsLength(second, first);
  if (first.length === 0) return 0;
  const words = (first.length + 31) >>> 5;
  const masks = positionMasks(first, words);
  const rows = new Uint32Array(words).fill(0xffffffff);
  for (const token of second) {
    const mask = masks.get(token);
    if (mask === undefined) continue;
    let carry = 0;
    for (let w = 0; w < words; w++) {
      const v = rows[w] as number;
      const m = mask[w] as number;
      const sum = v + ((v & m) >>> 0) + carry;
      carry = sum > 0xffffffff ? 1 : 0;
      rows[w] = sum | (v & ~m);
    }
  }
  return zeroBits(rows);
}

/**
 * Positions in `reference`, ascending, of one longest common subsequence with `candidate`.
 * Where several exist the walk back from the end goes left only if that is strictly longer, as `rouge_score` does,
 * because the summary-level score depends on which one is taken. One bit of memory a cell.
 */
export function lcsPositions(reference: readonly string[], candidate: readonly string[]): number[] {
  const columns = candidate.length;
  let previous = new Uint32Array(columns + 1);
  let current = new Uint32Array(columns + 1);
  const stride = (columns + 31) >>> 5;
  const goLeft = new Uint32Array(stride * reference.length);
  for (let i = 0; i < reference.length; i++) {
    const token = reference[i];
    const offset = stride * i;
    for (let j = 1; j <= columns; j++) {
      if (token === candidate[j - 1]) {
        current[j] = (previous[j - 1] as number) + 1;
        continue;
      }
      const up = previous[j] as number;
      const left = current[j - 1] as number;
      if (left > up) {
        current[j] = left;
        const word = offset + ((j - 1) >>> 5);
        goLeft[word] = (goLeft[word] as number) | (1 << ((j - 1) & 31));
      } else {
        current[j] = up;
      }
    }
    [previous, current] = [current, previous];
  }
  const positions: number[] = [];
  let i = reference.length - 1;
  let j = columns - 1;
  while (i >= 0 && j >= 0) {
    if (reference[i] === candidate[j]) {
      positions.push(i);
      i--;
      j--;
    } else if ((((goLeft[stride * i + (j >>> 5)] as number) >>> (j & 31)) & 1) === 1) j--;
    else i--;
  }
  return positions.reverse();
}
