import { pythonSplit } from '../python/index.ts';
import type { RougeScore } from './rouge.ts';

/** ROUGE-1, ROUGE-2 and summary-level ROUGE-L of one pair of texts. */
export interface SetRouge {
  readonly rouge1: RougeScore;
  readonly rouge2: RougeScore;
  readonly rougeL: RougeScore;
}

/**
 * ROUGE as the Python package `rouge` (pltrdy) computes it by default. It departs from Lin's definition: n-grams and words
 * are counted once however often they occur, points divide sentences wherever they stand, nothing is stemmed or made
 * small, and 1e-8 is added to the denominator of F.
 *
 * Undefined where a text has no sentence (it is empty or holds points alone): the package raises ValueError there.
 */
export function setRouge(hypothesis: string, reference: string): SetRouge | undefined {
  const predicted = sentencesOf(hypothesis);
  const expected = sentencesOf(reference);
  if (predicted.length === 0 || expected.length === 0) return undefined;
  return {
    rouge1: ngramScore(predicted, expected, 1),
    rouge2: ngramScore(predicted, expected, 2),
    rougeL: summaryScore(predicted, expected),
  };
}

/** Words of each sentence. One of white space alone has one empty word. */
function sentencesOf(text: string): string[][] {
  return text
    .split('.')
    .filter((part) => part !== '')
    .map((part) => {
      const words = pythonSplit(part);
      return words.length === 0 ? [''] : words;
    });
}

function score(hits: number, predicted: number, expected: number): RougeScore {
  const precision = predicted === 0 ? 0 : hits / predicted;
  const recall = expected === 0 ? 0 : hits / expected;
  return { precision, recall, f1: 2 * ((precision * recall) / (precision + recall + 1e-8)) };
}

function ngramScore(
  predicted: readonly (readonly string[])[],
  expected: readonly (readonly string[])[],
  n: number,
): RougeScore {
  const found = ngrams(predicted.flat(), n);
  const wanted = ngrams(expected.flat(), n);
  return score(found.intersection(wanted).size, found.size, wanted.size);
}

/** Joined by spaces, which no word holds. */
function ngrams(words: readonly string[], n: number): Set<string> {
  const found = new Set<string>();
  for (let i = 0; i + n <= words.length; i++) found.add(words.slice(i, i + n).join(' '));
  return found;
}

function summaryScore(predicted: readonly (readonly string[])[], expected: readonly (readonly string[])[]): RougeScore {
  const common = new Set<string>();
  for (const sentence of expected) {
    for (const candidate of predicted) for (const word of commonSubsequence(sentence, candidate)) common.add(word);
  }
  return score(common.size, new Set(predicted.flat()).size, new Set(expected.flat()).size);
}

/** Words of a longest common subsequence; of several, the one that the package's walk through the table finds. */
function commonSubsequence(x: readonly string[], y: readonly string[]): string[] {
  const width = y.length + 1;
  const table = new Uint32Array((x.length + 1) * width);
  for (let i = 1; i <= x.length; i++) {
    for (let j = 1; j <= y.length; j++) {
      table[i * width + j] =
        x[i - 1] === y[j - 1]
          ? (table[(i - 1) * width + j - 1] as number) + 1
          : Math.max(table[(i - 1) * width + j] as number, table[i * width + j - 1] as number);
    }
  }
  const words: string[] = [];
  let i = x.length;
  let j = y.length;
  while (i > 0 && j > 0) {
    if (x[i - 1] === y[j - 1]) {
      words.push(x[i - 1] as string);
      i--;
      j--;
    } else if ((table[(i - 1) * width + j] as number) > (table[i * width + j - 1] as number)) i--;
    else j--;
  }
  return words;
}
