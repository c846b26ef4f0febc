import { type BleuTokenizer, loadJapaneseTokenizer, sentenceBleu } from '../../../metrics/index.ts';

let japanese: Promise<BleuTokenizer> | undefined;

/**
 * Sentence BLEU as the reference calls sacreBLEU: lower case, exponential smoothing, all four orders, over 100.
 * Japanese is split by MeCab, which is loaded on first use. Rounding can give 1.0000000000000004.
 */
export function bleu(prediction: string, reference: string, metric: 'bleu' | 'jp-bleu'): number | Promise<number> {
  if (metric === 'bleu') return score(prediction, reference, '13a');
  japanese ??= loadJapaneseTokenizer();
  return japanese.then((tokenize) => score(prediction, reference, tokenize));
}

function score(prediction: string, reference: string, tokenize: '13a' | BleuTokenizer): number {
  return sentenceBleu(prediction, reference, { lowercase: true, tokenize, effectiveOrder: false }).score / 100;
}
