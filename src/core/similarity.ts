// Vectors are rows of one Float32Array, `width` numbers each. Sums are double precision and in one fixed order, so that
// a sample's comparison in a run and the same comparison in bulk give equal figures to the last bit.

/** Scalar product of row `i` of `a` and row `j` of `b`. */
export function rowProduct(a: Float32Array, i: number, b: Float32Array, j: number, width: number): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  let p = i * width;
  let q = j * width;
  const end = p + width - (width % 4);
  for (; p < end; p += 4, q += 4) {
    s0 += (a[p] as number) * (b[q] as number);
    s1 += (a[p + 1] as number) * (b[q + 1] as number);
    s2 += (a[p + 2] as number) * (b[q + 2] as number);
    s3 += (a[p + 3] as number) * (b[q + 3] as number);
  }
  for (const last = end + (width % 4); p < last; p++, q++) s0 += (a[p] as number) * (b[q] as number);
  return s0 + s1 + (s2 + s3);
}

/** The rows scaled to length 1; a row of zeros stays. Returns a new array. */
export function unitRows(rows: Float32Array, width: number): Float32Array {
  const unit = new Float32Array(rows.length);
  for (let row = 0; row < rows.length / width; row++) {
    const length = Math.sqrt(rowProduct(rows, row, rows, row, width));
    if (length === 0) continue;
    for (let i = row * width; i < (row + 1) * width; i++) unit[i] = (rows[i] as number) / length;
  }
  return unit;
}

/**
 * One unit row a group: the mean of its members' unit vectors, scaled to length 1
 * (prompt ensembling of A. Radford et al., Learning Transferable Visual Models, 2021, section 3.1.4).
 * @param sizes how many consecutive rows each group has.
 */
export function groupRows(rows: Float32Array, sizes: readonly number[], width: number): Float32Array {
  const unit = unitRows(rows, width);
  const means = new Float32Array(sizes.length * width);
  let row = 0;
  for (const [group, size] of sizes.entries()) {
    const sums = new Float64Array(width);
    for (const end = row + size; row < end; row++) {
      for (let i = 0; i < width; i++) sums[i] = (sums[i] as number) + (unit[row * width + i] as number);
    }
    for (let i = 0; i < width; i++) means[group * width + i] = (sums[i] as number) / size;
  }
  return unitRows(means, width);
}

/** Gallery rows that stay in the processor's cache while several queries pass. */
const tile = 256;

/** Similarities of query rows `from` to `to` with every gallery row, row after row, written into `out`. */
export function similarityBlock(
  queries: Float32Array,
  gallery: Float32Array,
  { width, from, to, out }: { width: number; from: number; to: number; out: Float64Array },
): void {
  const size = gallery.length / width;
  for (let start = 0; start < size; start += tile) {
    const end = Math.min(size, start + tile);
    for (let query = from; query < to; query++) {
      const offset = (query - from) * size;
      for (let item = start; item < end; item++) out[offset + item] = rowProduct(queries, query, gallery, item, width);
    }
  }
}

/** Places of the `count` greatest values and of all that equal the last of them, greatest first, ties by place. */
export function greatest(values: ArrayLike<number>, count: number): number[] {
  const kept = Math.min(count, values.length);
  if (kept === 0) return [];
  const limit = Float64Array.from(values).sort()[values.length - kept] as number;
  const places: number[] = [];
  for (let i = 0; i < values.length; i++) if ((values[i] as number) >= limit) places.push(i);
  return places.sort((a, b) => (values[b] as number) - (values[a] as number) || a - b);
}
