export interface RelaxedOptions {
  /** Largest difference as a share of the reference. Default 0.05. */
  readonly tolerance?: number;
}

const number = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/**
 * Relaxed accuracy of ChartQA (A. Masry et al., Findings of ACL 2022; N. Methani et al., PlotQA, WACV 2020): two numbers
 * agree within 5 % of the reference, texts where they are the same but for case and outer white space. A number with a
 * percent sign is its hundredth. A reference of 0 has no 5 %: it has to be met as a text or as a number exactly.
 */
export function relaxedMatch(
  prediction: string,
  reference: string,
  { tolerance = 0.05 }: RelaxedOptions = {},
): boolean {
  const predicted = prediction.trim();
  const expected = reference.trim();
  if (predicted.toLowerCase() === expected.toLowerCase()) return true;
  const found = numberOf(predicted);
  const wanted = numberOf(expected);
  if (found === undefined || wanted === undefined) return false;
  return Math.abs(found - wanted) <= Math.abs(wanted) * tolerance;
}

/** A whole text as a number: thousands grouped by commas, a percent sign as hundredths. */
function numberOf(text: string): number | undefined {
  const percent = text.endsWith('%');
  const plain = (percent ? text.slice(0, -1).trimEnd() : text).replace(/(?<=\d),(?=\d{3}(?!\d))/g, '');
  if (!number.test(plain)) return undefined;
  return percent ? Number(plain) / 100 : Number(plain);
}
