/** log k!: exact product below 171, Stirling's series above. */
function logFactorial(k: number): number {
  if (k < 171) {
    let product = 1;
    for (let i = 2; i <= k; i++) product *= i;
    return Math.log(product);
  }
  const square = k * k;
  return (
    (k + 0.5) * Math.log(k) - k + 0.5 * Math.log(2 * Math.PI) + (1 / 12 - (1 / 360 - 1 / 1260 / square) / square) / k
  );
}

/** P(X = k) of fair coins. */
export function fairBinomialPmf(k: number, n: number): number {
  return Math.exp(logFactorial(n) - logFactorial(k) - logFactorial(n - k) - n * Math.LN2);
}

/** P(X <= k) of fair coins, for k below the middle: terms are added from the largest down until they no longer count. */
export function fairBinomialLowerTail(k: number, n: number): number {
  let term = fairBinomialPmf(k, n);
  let sum = 0;
  for (let i = k; i >= 0 && term > sum * 1e-18; i--) {
    sum += term;
    term *= i / (n - i + 1);
  }
  return sum;
}
