// Written here because the libraries we tried were imprecise, or large and slow to load; see docs/dependencies.md.

/** Ratio of two polynomials, coefficients from the constant term up. */
function ratio(x: number, over: readonly number[], under: readonly number[]): number {
  let numerator = 0;
  let denominator = 0;
  for (let i = over.length - 1; i >= 0; i--) numerator = numerator * x + (over[i] as number);
  for (let i = under.length - 1; i >= 0; i--) denominator = denominator * x + (under[i] as number);
  return numerator / denominator;
}

// oxfmt-ignore
const central = [
  [3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946,
    45921.95393154987, 67265.7709270087, 33430.57558358813, 2509.0809287301227],
  [1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597,
    39307.89580009271, 28729.085735721943, 5226.495278852854],
] as const;
// oxfmt-ignore
const near = [
  [1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045,
    1.2704582524523684, 0.2417807251774506, 0.022723844989269184, 0.0007745450142783414],
  [1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008,
    0.015198666563616457, 0.0005475938084995345, 1.0507500716444169e-09],
] as const;
// oxfmt-ignore
const far = [
  [6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487,
    0.026532189526576124, 0.0012426609473880784, 2.7115555687434876e-05, 2.0103343992922881e-07],
  [1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133,
    1.8463183175100548e-05, 1.421511758316446e-07, 2.0442631033899397e-15],
] as const;

/**
 * The standard normal quantile: z with P(Z <= z) = `probability`. About 16 digits.
 * M. Wichura, Algorithm AS 241, Applied Statistics 37(3), 1988 (PPND16).
 * @throws RangeError outside [0, 1].
 */
export function normalQuantile(probability: number): number {
  if (!(probability >= 0 && probability <= 1)) throw new RangeError(`normalQuantile: ${probability} is no probability`);
  const q = probability - 0.5;
  if (Math.abs(q) <= 0.425) return q * ratio(0.180625 - q * q, ...central);
  const tail = Math.min(probability, 1 - probability);
  if (tail === 0) return q < 0 ? -Infinity : Infinity;
  const r = Math.sqrt(-Math.log(tail));
  const z = r <= 5 ? ratio(r - 1.6, ...near) : ratio(r - 5, ...far);
  return q < 0 ? -z : z;
}

/**
 * P(Z <= z) of the standard normal. A series in the middle (G. Marsaglia, Evaluating the Normal Distribution, Journal of
 * Statistical Software 11(4), 2004), Laplace's continued fraction in the tails.
 */
export function normalCdf(z: number): number {
  if (Number.isNaN(z)) return Number.NaN;
  const density = Math.exp(-(z * z) / 2) / Math.sqrt(2 * Math.PI);
  if (Math.abs(z) < 3) {
    let term = z;
    let sum = z;
    for (let i = 3; Math.abs(term) > Math.abs(sum) * 1e-17; i += 2) {
      term *= (z * z) / i;
      sum += term;
    }
    return 0.5 + sum * density;
  }
  const x = Math.abs(z);
  let fraction = x;
  for (let i = 120; i > 0; i--) fraction = x + i / fraction;
  const tail = x > 40 ? 0 : density / fraction;
  return z < 0 ? tail : 1 - tail;
}
