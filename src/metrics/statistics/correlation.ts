import { mean, requireFinite, requireSameLength } from './mean.ts';
import { averageRanks, sortedOrder } from './ranks.ts';

function check(first: ArrayLike<number>, second: ArrayLike<number>, name: string): void {
  requireSameLength(first, second, name);
  requireFinite(first, name);
  requireFinite(second, name);
}

function isConstant(values: ArrayLike<number>): boolean {
  for (let i = 1; i < values.length; i++) if (values[i] !== values[0]) return false;
  return true;
}

/**
 * Pearson's product-moment correlation, in [-1, 1].
 * @returns null where one side is constant or there are fewer than two pairs: there is nothing to correlate.
 * @throws RangeError for lists of different lengths or values that are not finite.
 */
export function pearson(first: ArrayLike<number>, second: ArrayLike<number>): number | null {
  check(first, second, 'pearson');
  if (first.length < 2 || isConstant(first) || isConstant(second)) return null;
  const centerFirst = mean(first);
  const centerSecond = mean(second);
  let product = 0;
  let squaresFirst = 0;
  let squaresSecond = 0;
  for (let i = 0; i < first.length; i++) {
    const x = (first[i] as number) - centerFirst;
    const y = (second[i] as number) - centerSecond;
    product += x * y;
    squaresFirst += x * x;
    squaresSecond += y * y;
  }
  return Math.max(-1, Math.min(1, product / Math.sqrt(squaresFirst) / Math.sqrt(squaresSecond)));
}

/** Spearman's rho: Pearson's correlation of average ranks (C. Spearman 1904). Null and errors as {@link pearson}. */
export function spearman(first: ArrayLike<number>, second: ArrayLike<number>): number | null {
  check(first, second, 'spearman');
  return pearson(averageRanks(first), averageRanks(second));
}

/** Pairs of equal neighbours in a sorted walk: Σ t (t - 1) / 2 over runs. */
function tiedPairs(n: number, sameAsBefore: (i: number) => boolean): number {
  let pairs = 0;
  let run = 1;
  for (let i = 1; i <= n; i++) {
    if (i < n && sameAsBefore(i)) run++;
    else {
      pairs += (run * (run - 1)) / 2;
      run = 1;
    }
  }
  return pairs;
}

/** Sorts in place by merging and counts the exchanges a bubble sort would have made. */
function countExchanges(values: Float64Array<ArrayBuffer>): number {
  let exchanges = 0;
  let from = values;
  let to = new Float64Array(values.length);
  for (let width = 1; width < from.length; width *= 2) {
    for (let start = 0; start < from.length; start += 2 * width) {
      const middle = Math.min(start + width, from.length);
      const end = Math.min(start + 2 * width, from.length);
      let left = start;
      let right = middle;
      for (let out = start; out < end; out++) {
        if (right >= end || (left < middle && (from[left] as number) <= (from[right] as number))) {
          to[out] = from[left++] as number;
        } else {
          exchanges += middle - left;
          to[out] = from[right++] as number;
        }
      }
    }
    [from, to] = [to, from];
  }
  values.set(from);
  return exchanges;
}

/**
 * Kendall's tau-b, which corrects for ties on both sides, in O(n log n)
 * (M. Kendall, Biometrika 33, 1945; W. Knight, JASA 61, 1966). Null and errors as {@link pearson}.
 */
export function kendallTauB(first: ArrayLike<number>, second: ArrayLike<number>): number | null {
  check(first, second, 'kendallTauB');
  const n = first.length;
  if (n < 2 || isConstant(first) || isConstant(second)) return null;
  const secondRanks = averageRanks(second);
  const order = sortedOrder(first).sort(
    (a, b) => (first[a] as number) - (first[b] as number) || (secondRanks[a] as number) - (secondRanks[b] as number),
  );
  const x = (i: number): number => first[order[i] as number] as number;
  const y = Float64Array.from(order, (index) => secondRanks[index] as number);
  const tiedFirst = tiedPairs(n, (i) => x(i) === x(i - 1));
  const tiedBoth = tiedPairs(n, (i) => x(i) === x(i - 1) && y[i] === y[i - 1]);
  const exchanges = countExchanges(y);
  const tiedSecond = tiedPairs(n, (i) => y[i] === y[i - 1]);
  const pairs = (n * (n - 1)) / 2;
  const concordantMinusDiscordant = pairs - tiedFirst - tiedSecond + tiedBoth - 2 * exchanges;
  return concordantMinusDiscordant / Math.sqrt(pairs - tiedFirst) / Math.sqrt(pairs - tiedSecond);
}
