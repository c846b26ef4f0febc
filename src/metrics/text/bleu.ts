import { bleuTokens, type BleuTokenizer, type BleuTokenizerName } from './bleu-tokenizers.ts';
import { matchNgrams } from './ngram-matches.ts';

/** Chen and Cherry, A Systematic Comparison of Smoothing Techniques for Sentence-Level BLEU, WMT 2014. */
export type BleuSmoothing = 'exp' | 'floor' | 'add-k' | 'none';

export interface BleuOptions {
  /** Default false. */
  readonly lowercase?: boolean;
  /** Default `13a`. A function returns text whose tokens stand between white space. */
  readonly tokenize?: BleuTokenizerName | BleuTokenizer;
  /** Default `exp`: the k-th order without a match counts 1 / 2^k matches. */
  readonly smoothing?: BleuSmoothing;
  /** Of `floor` (default 0.1) and `add-k` (default 1). */
  readonly smoothValue?: number;
  /** Leave out orders that the hypothesis is too short for. Default true for one sentence, false for a corpus. */
  readonly effectiveOrder?: boolean;
  /** Longest n-gram. Default 4. */
  readonly maxOrder?: number;
}

export interface BleuScore {
  /** 0 to 100; rounding can give 100.00000000000004, as in sacreBLEU. */
  readonly score: number;
  /** Percent, by order from 1, after smoothing. */
  readonly precisions: readonly number[];
  readonly brevityPenalty: number;
  /** Matched n-grams by order, after smoothing. */
  readonly counts: readonly number[];
  /** N-grams of the hypotheses by order, after smoothing. */
  readonly totals: readonly number[];
  readonly hypothesisLength: number;
  readonly referenceLength: number;
}

const smoothings: readonly BleuSmoothing[] = ['exp', 'floor', 'add-k', 'none'];

interface BleuStatistics {
  hypothesisLength: number;
  referenceLength: number;
  readonly counts: number[];
  readonly totals: number[];
}

function statisticsOf(
  hypotheses: readonly string[],
  references: readonly (string | readonly string[])[],
  { tokenize = '13a', lowercase = false, maxOrder = 4 }: BleuOptions,
): BleuStatistics {
  if (!Number.isInteger(maxOrder) || maxOrder < 1) throw new RangeError(`BLEU: maxOrder ${maxOrder} is not positive`);
  if (hypotheses.length !== references.length) {
    throw new RangeError(`BLEU: ${hypotheses.length} hypotheses but ${references.length} lists of references`);
  }
  const zeros = (): number[] => Array.from({ length: maxOrder }, () => 0);
  const sum = { hypothesisLength: 0, referenceLength: 0, counts: zeros(), totals: zeros() };
  for (const [index, hypothesis] of hypotheses.entries()) {
    const own = references[index] as string | readonly string[];
    const texts = typeof own === 'string' ? [own] : own;
    if (texts.length === 0) throw new RangeError(`BLEU: hypothesis ${index} has no reference`);
    const matches = matchNgrams(
      bleuTokens(hypothesis, tokenize, lowercase),
      texts.map((text) => bleuTokens(text, tokenize, lowercase)),
      maxOrder,
    );
    sum.hypothesisLength += matches.hypothesisLength;
    sum.referenceLength += matches.referenceLength;
    for (let n = 0; n < maxOrder; n++) {
      sum.counts[n] = (sum.counts[n] as number) + (matches.correct[n] as number);
      sum.totals[n] = (sum.totals[n] as number) + (matches.total[n] as number);
    }
  }
  return sum;
}

/** The operations and their order are sacreBLEU's, so that the last digits agree. */
function scoreOf(statistics: BleuStatistics, options: BleuOptions, effectiveOrder: boolean): BleuScore {
  const { smoothing = 'exp', smoothValue = smoothing === 'floor' ? 0.1 : 1 } = options;
  if (!smoothings.includes(smoothing)) {
    throw new RangeError(`BLEU: no smoothing "${String(smoothing)}", there are ${smoothings.join(', ')}`);
  }
  const { hypothesisLength, referenceLength, counts, totals } = statistics;
  const maxOrder = counts.length;
  let brevityPenalty = 1;
  if (hypothesisLength < referenceLength) {
    brevityPenalty = hypothesisLength > 0 ? Math.exp(1 - referenceLength / hypothesisLength) : 0;
  }
  const precisions = counts.map(() => 0);
  const rest = { precisions, brevityPenalty, counts, totals, hypothesisLength, referenceLength };
  if (counts.every((count) => count === 0)) return { score: 0, ...rest };

  let halvings = 1;
  let order = maxOrder;
  for (let n = 0; n < maxOrder; n++) {
    if (smoothing === 'add-k' && n > 0) {
      counts[n] = (counts[n] as number) + smoothValue;
      totals[n] = (totals[n] as number) + smoothValue;
    }
    const count = counts[n] as number;
    const total = totals[n] as number;
    if (total === 0) break;
    if (effectiveOrder) order = n + 1;
    if (count !== 0) precisions[n] = (100 * count) / total;
    else if (smoothing === 'floor') precisions[n] = (100 * smoothValue) / total;
    else if (smoothing === 'exp') {
      halvings *= 2;
      precisions[n] = 100 / (halvings * total);
    }
  }
  let logarithms = 0;
  for (let n = 0; n < order; n++) {
    const precision = precisions[n] as number;
    logarithms += precision === 0 ? -9999999999 : Math.log(precision);
  }
  return { score: brevityPenalty * Math.exp(logarithms / order), ...rest };
}

/**
 * BLEU of a corpus: n-gram counts are summed over the sentences first.
 *
 * @param references one text or list of texts for each hypothesis, in the same order.
 * @throws RangeError where the two lists differ in length, a hypothesis has no reference, or an option is unknown.
 * Equals sacreBLEU 2.4+ (M. Post, A Call for Clarity in Reporting BLEU Scores, WMT 2018).
 */
export function corpusBleu(
  hypotheses: readonly string[],
  references: readonly (string | readonly string[])[],
  options: BleuOptions = {},
): BleuScore {
  return scoreOf(statisticsOf(hypotheses, references, options), options, options.effectiveOrder ?? false);
}

/** BLEU of one sentence: {@link corpusBleu} of it alone, with effective order unless asked otherwise. */
export function sentenceBleu(
  hypothesis: string,
  references: string | readonly string[],
  options: BleuOptions = {},
): BleuScore {
  return scoreOf(statisticsOf([hypothesis], [references], options), options, options.effectiveOrder ?? true);
}
