/** Weights of one axis as whole numbers: output `i` is a sum over `counts[i]` inputs from `starts[i]` on. */
export interface AxisWeights {
  readonly starts: Int32Array;
  readonly counts: Int32Array;
  /** Those of output `i` begin at `i * stride`; a weight of 1 is 2^`precisionBits`. */
  readonly weights: Int32Array;
  readonly stride: number;
}

/** What remains of 32 bits beside 8 bits of a colour and two for sign and overshoot. */
export const precisionBits = 22;

const support = 2;
const a = -0.5;

/** The cubic convolution kernel with a = -0.5 (Keys 1981, IEEE Trans. ASSP 29(6), equation 4). */
function cubic(distance: number): number {
  const x = Math.abs(distance);
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  if (x < 2) return (((x - 5) * x + 8) * x - 4) * a;
  return 0;
}

/**
 * Weights that shrink or enlarge `from` places to `to`, of the outputs `first` to `first + count - 1`.
 * When shrinking, the kernel is widened by the factor, which is what keeps fine patterns from turning into false ones.
 */
export function bicubicWeights(from: number, to: number, first = 0, count: number = to): AxisWeights {
  const scale = from / to;
  const widening = Math.max(scale, 1);
  const reach = support * widening;
  const stride = Math.ceil(reach) * 2 + 1;
  const starts = new Int32Array(count);
  const counts = new Int32Array(count);
  const weights = new Int32Array(count * stride);
  const exact = new Float64Array(stride);
  for (let i = 0; i < count; i++) {
    const center = (first + i + 0.5) * scale;
    const start = Math.max(Math.trunc(center - reach + 0.5), 0);
    const used = Math.min(Math.trunc(center + reach + 0.5), from) - start;
    let sum = 0;
    for (let k = 0; k < used; k++) {
      // Multiplied, not divided: the last bit of the product decides some roundings.
      const weight = cubic((start + k - center + 0.5) * (1 / widening));
      exact[k] = weight;
      sum += weight;
    }
    starts[i] = start;
    counts[i] = used;
    for (let k = 0; k < used; k++) {
      const share = (sum === 0 ? (exact[k] ?? 0) : (exact[k] ?? 0) / sum) * 2 ** precisionBits;
      weights[i * stride + k] = Math.trunc(share < 0 ? share - 0.5 : share + 0.5);
    }
  }
  return { starts, counts, weights, stride };
}
