import type { Generator } from './generator.ts';

/** log k! − its Stirling approximation with k + 1. */
function stirlingRest(k: number): number {
  const next = k + 1;
  const square = next * next;
  return (1 / 12 - (1 / 360 - 1 / 1260 / square) / square) / next;
}

function uniform(generator: Generator): number {
  return (generator.word() + 0.5) / 4294967296;
}

/** Counts successes by the gaps between them: as many steps as successes. */
function byGaps(generator: Generator, n: number, p: number): number {
  const scale = Math.log1p(-p);
  let position = 0;
  for (let successes = 0; ; successes++) {
    position += Math.floor(Math.log(uniform(generator)) / scale) + 1;
    if (position > n) return successes;
  }
}

/**
 * Successes among `n` trials of probability `p`, in constant expected time.
 * BTRS: W. Hörmann, The generation of binomial random variates, Journal of Statistical Computation and Simulation 46,
 * 1993; gaps between successes where fewer than ten are expected.
 */
export function drawBinomial(generator: Generator, n: number, p: number): number {
  if (n === 0 || p <= 0) return 0;
  if (p >= 1) return n;
  if (p > 0.5) return n - drawBinomial(generator, n, 1 - p);
  if (n * p < 10) return byGaps(generator, n, p);
  const deviation = Math.sqrt(n * p * (1 - p));
  const b = 1.15 + 2.53 * deviation;
  const a = -0.0873 + 0.0248 * b + 0.01 * p;
  const center = n * p + 0.5;
  const accept = 0.92 - 4.2 / b;
  const odds = p / (1 - p);
  const alpha = (2.83 + 5.1 / b) * deviation;
  const mode = Math.floor((n + 1) * p);
  for (;;) {
    const u = uniform(generator) - 0.5;
    const v = uniform(generator);
    const distance = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / distance + b) * u + center);
    if (distance >= 0.07 && v <= accept) return k;
    if (k < 0 || k > n) continue;
    const bound =
      (mode + 0.5) * Math.log((mode + 1) / (odds * (n - mode + 1))) +
      (n + 1) * Math.log((n - mode + 1) / (n - k + 1)) +
      (k + 0.5) * Math.log((odds * (n - k + 1)) / (k + 1)) +
      stirlingRest(mode) +
      stirlingRest(n - mode) -
      stirlingRest(k) -
      stirlingRest(n - k);
    if (Math.log((v * alpha) / (a / (distance * distance) + b)) <= bound) return k;
  }
}
