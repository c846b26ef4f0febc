import { pythonFloat } from '../../../../metrics/python/index.ts';

/** Largest difference as a share of the expected value. */
export const relaxedTolerance = 0.05;

function readValue(text: string): number | undefined {
  return text.endsWith('%') ? scaled(pythonFloat(text.replace(/%+$/, ''))) : pythonFloat(text);
}

function scaled(percent: number | undefined): number | undefined {
  return percent === undefined ? undefined : percent / 100;
}

/**
 * ChartQA's relaxed accuracy (Masry et al., Findings of ACL 2022) as evaluation code computes it: a number within 5 % of
 * one that is not zero, else the same text in any case. `%` divides by 100.
 */
export function relaxedCorrectness(target: string, prediction: string): boolean {
  const predicted = readValue(prediction);
  const expected = readValue(target);
  if (predicted !== undefined && expected !== undefined && expected !== 0) {
    return Math.abs(predicted - expected) / Math.abs(expected) <= relaxedTolerance;
  }
  return prediction.toLowerCase() === target.toLowerCase();
}
