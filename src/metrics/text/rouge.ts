import { lcsLength, lcsPositions } from './lcs.ts';
import { rougeTokens, type RougeTokenOptions } from './rouge-tokens.ts';

/** Each between 0 and 1. */
export interface RougeScore {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

export interface RougeOptions extends RougeTokenOptions {
  /** Replaces the default tokenizer and stemmer, for instance by `[...text]` for Chinese characters. */
  readonly tokenize?: (text: string) => readonly string[];
}

const none: RougeScore = { precision: 0, recall: 0, f1: 0 };

function score(hits: number, predicted: number, expected: number): RougeScore {
  const precision = hits / predicted;
  const recall = hits / expected;
  const f1 = precision + recall > 0 ? (2 * precision * recall) / (precision + recall) : 0;
  return { precision, recall, f1 };
}

function tokensOf(text: string, options: RougeOptions): readonly string[] {
  return options.tokenize === undefined ? rougeTokens(text, options) : options.tokenize(text);
}

/**
 * ROUGE-L of a prediction against one reference: longest common subsequence of their tokens.
 * C.-Y. Lin, ROUGE: A Package for Automatic Evaluation of Summaries, 2004, equations 2-4 with β = 1.
 * Equals Google's `rouge_score`, whose argument order is (target, prediction).
 */
export function rougeL(prediction: string, reference: string, options: RougeOptions = {}): RougeScore {
  const predicted = tokensOf(prediction, options);
  const expected = tokensOf(reference, options);
  if (predicted.length === 0 || expected.length === 0) return none;
  return score(lcsLength(predicted, expected), predicted.length, expected.length);
}

/** Counts of the runs of `n` tokens. Tokens are joined by a character that no token of ours holds. */
function ngrams(tokens: readonly string[], n: number): Map<string, number> {
  const counts = new Map<string, number>();
  for (let i = 0; i + n <= tokens.length; i++) {
    let key = tokens[i] as string;
    for (let k = 1; k < n; k++) key += `\u0000${tokens[i + k] as string}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

/**
 * ROUGE-N: overlap of n-grams, each counted at most as often as the other side has it (Lin 2004, equation 1).
 * @throws RangeError where `n` is not a positive integer.
 */
export function rougeN(prediction: string, reference: string, n: number, options: RougeOptions = {}): RougeScore {
  if (!Number.isInteger(n) || n < 1) throw new RangeError(`rougeN needs a positive integer n, got ${n}`);
  const predicted = tokensOf(prediction, options);
  const expected = tokensOf(reference, options);
  const available = ngrams(expected, n);
  let hits = 0;
  for (const [ngram, count] of ngrams(predicted, n)) hits += Math.min(count, available.get(ngram) ?? 0);
  return score(hits, Math.max(predicted.length - n + 1, 1), Math.max(expected.length - n + 1, 1));
}

function countTokens(sentences: readonly (readonly string[])[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const sentence of sentences) for (const token of sentence) counts.set(token, (counts.get(token) ?? 0) + 1);
  return counts;
}

function sentencesOf(text: string, options: RougeOptions): (readonly string[])[] {
  return text
    .split('\n')
    .filter((line) => line.length > 0)
    .map((line) => tokensOf(line, options));
}

/**
 * Summary-level ROUGE-L: for every line of the reference, the union of its longest common subsequences with the lines
 * of the prediction (Lin 2004, section 3.2), no token counted more often than either side has it. Lines are sentences.
 */
export function rougeLsum(prediction: string, reference: string, options: RougeOptions = {}): RougeScore {
  const predicted = sentencesOf(prediction, options);
  const expected = sentencesOf(reference, options);
  const predictedLeft = countTokens(predicted);
  const expectedLeft = countTokens(expected);
  const predictedLength = predicted.reduce((sum, sentence) => sum + sentence.length, 0);
  const expectedLength = expected.reduce((sum, sentence) => sum + sentence.length, 0);
  if (predictedLength === 0 || expectedLength === 0) return none;
  let hits = 0;
  for (const sentence of expected) {
    const union = new Set<number>();
    for (const candidate of predicted) for (const position of lcsPositions(sentence, candidate)) union.add(position);
    for (const position of [...union].sort((a, b) => a - b)) {
      const token = sentence[position] as string;
      const left = predictedLeft.get(token) ?? 0;
      const needed = expectedLeft.get(token) ?? 0;
      if (left === 0 || needed === 0) continue;
      hits++;
      predictedLeft.set(token, left - 1);
      expectedLeft.set(token, needed - 1);
    }
  }
  return score(hits, predictedLength, expectedLength);
}

/** The best score over several references by F1; the first of equals. @throws RangeError without references. */
export function bestRouge(references: readonly string[], scoreAgainst: (reference: string) => RougeScore): RougeScore {
  if (references.length === 0) throw new RangeError('bestRouge needs at least one reference');
  let best: RougeScore | undefined;
  for (const reference of references) {
    const next = scoreAgainst(reference);
    if (best === undefined || next.f1 > best.f1) best = next;
  }
  return best as RougeScore;
}
