import { pythonSplit } from '../python/index.ts';
import type { MatchAndF1 } from './slidevqa.ts';

const number = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/**
 * Exact match and F1 of MultiHiertt (Y. Zhao et al., ACL 2022), the best over the references. Two numbers agree within
 * min(|smaller| / 1000, 0.1); anything else is compared as DROP compares spans (D. Dua et al., NAACL 2019): sets of words
 * after normalisation, no credit where the reference has numbers and shares none, F1 to two decimals.
 * A number may be written with grouped thousands, a currency sign in front or a percent sign, which makes hundredths of it.
 */
export function multiHierttScore(prediction: string, references: readonly string[]): MatchAndF1 {
  const found = numberOf(prediction);
  let exact = 0;
  let f1 = 0;
  for (const reference of references) {
    const wanted = numberOf(reference);
    const next =
      found !== undefined && wanted !== undefined ? compareNumbers(found, wanted) : compareSpans(prediction, reference);
    exact = Math.max(exact, next.exact);
    f1 = Math.max(f1, next.f1);
  }
  return { exact, f1 };
}

function compareNumbers(found: number, wanted: number): MatchAndF1 {
  const relative = 1e-9 * Math.max(Math.abs(found), Math.abs(wanted));
  const absolute = Math.min(Math.abs(Math.min(found, wanted) / 1000), 0.1);
  const same = Math.abs(found - wanted) <= Math.max(relative, absolute) ? 1 : 0;
  return { exact: same, f1: same };
}

function numberOf(text: string): number | undefined {
  const bare = text.trim().replace(/^([+-]?)[$€£¥]\s?/, '$1');
  const percent = bare.endsWith('%');
  const plain = (percent ? bare.slice(0, -1).trimEnd() : bare).replaceAll(',', '');
  if (!number.test(plain)) return undefined;
  return percent ? Number(plain) / 100 : Number(plain);
}

function compareSpans(prediction: string, reference: string): MatchAndF1 {
  const predicted = normalizeSpan(prediction);
  const expected = normalizeSpan(reference);
  const words = new Set(pythonSplit(predicted));
  const gold = new Set(pythonSplit(expected));
  const goldNumbers = [...gold].filter((word) => number.test(word));
  const admitted = goldNumbers.length === 0 || goldNumbers.some((word) => words.has(word));
  const shared = gold.intersection(words).size;
  const precision = words.size === 0 ? 1 : shared / words.size;
  const recall = gold.size === 0 ? 1 : shared / gold.size;
  const f1 = precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
  return { exact: predicted === expected ? 1 : 0, f1: admitted ? Number(f1.toFixed(2)) : 0 };
}

function normalizeSpan(text: string): string {
  return text
    .split(/[ -]/)
    .map((token) => {
      const lower = token.toLowerCase();
      const bare = number.test(lower) ? lower : lower.replaceAll(/[!-/:-@[-`{-~]/g, '');
      const value = number.test(bare) ? String(Number(bare)) : bare;
      return pythonSplit(value.replaceAll(/(?<![\p{L}\p{N}_])(?:a|an|the)(?![\p{L}\p{N}_])/gu, ' ')).join(' ');
    })
    .filter((part) => part !== '')
    .join(' ');
}
