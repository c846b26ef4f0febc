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
const tile = 128;

/** Similarities of query rows `from` to `to` with every gallery row, row after row, written into `out`. */
export function similarityBlock(
  queries: Float32Array,
  gallery: Float32Array,
  { width, from, to, out }: { width: number; from: number; to: number; out: Float64Array },
): void {
  const size = gallery.length / width;
  if (to - from < 8) {
    for (let query = from; query < to; query++) {
      const offset = (query - from) * size;
      for (let item = 0; item < size; item++) out[offset + item] = rowProduct(queries, query, gallery, item, width);
    }
    return;
  }
  // Doubles once a tile and not once a product; the sums stay those of `rowProduct`, term by term.
  const own = Float64Array.from(queries.subarray(from * width, to * width));
  const part = new Float64Array(tile * width);
  for (let start = 0; start < size; start += tile) {
    const end = Math.min(size, start + tile);
    part.set(gallery.subarray(start * width, end * width));
    for (let query = 0; query < to - from; query++) {
      const at = query * size + start;
      let item = 0;
      for (; item + 1 < end - start; item += 2)
        productPair(own, query * width, part, item * width, width, out, at + item);
      if (item < end - start) productPair(own, query * width, part, item * width, width, out, at + item, true);
    }
  }
}

/** Two neighbouring products at once: each number of the query is read once for both. */
function productPair(
  a: Float64Array,
  aStart: number,
  b: Float64Array,
  bStart: number,
  width: number,
  out: Float64Array,
  at: number,
  single = false,
): void {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let t0 = 0;
  let t1 = 0;
  let t2 = 0;
  let t3 = 0;
  let p = aStart;
  let q = bStart;
  let r = single ? bStart : bStart + width;
  const end = aStart + width - (width % 4);
  for (; p < end; p += 4, q += 4, r += 4) {
    const a0 = a[p] as number;
    const a1 = a[p + 1] as number;
    const a2 = a[p + 2] as number;
    const a3 = a[p + 3] as number;
    s0 += a0 * (b[q] as number);
    s1 += a1 * (b[q + 1] as number);
    s2 += a2 * (b[q + 2] as number);
    s3 += a3 * (b[q + 3] as number);
    t0 += a0 * (b[r] as number);
    t1 += a1 * (b[r + 1] as number);
    t2 += a2 * (b[r + 2] as number);
    t3 += a3 * (b[r + 3] as number);
  }
  for (const last = aStart + width; p < last; p++, q++, r++) {
    s0 += (a[p] as number) * (b[q] as number);
    t0 += (a[p] as number) * (b[r] as number);
  }
  out[at] = s0 + s1 + (s2 + s3);
  if (!single) out[at + 1] = t0 + t1 + (t2 + t3);
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
