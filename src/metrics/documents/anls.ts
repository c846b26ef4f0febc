import { boundedEditDistance, codePointLength } from '../answers/edit-distance.ts';

export interface AnlsOptions {
  /** Least similarity that counts. Default 0.5. */
  readonly threshold?: number;
  /**
   * `keep` (default): a similarity of the threshold itself counts, as the servers of DocVQA and DUDE have it.
   * `drop`: it does not, as the paper's equation 1 has it.
   */
  readonly atThreshold?: 'keep' | 'drop';
  /** `official` (default): small letters, runs of white space as one space. `none`: texts as they are. */
  readonly normalize?: 'official' | 'none';
}

/** One item's score of ANLS, with the reference that it comes from. */
export interface AnlsScore {
  /** 0, or from the threshold to 1. */
  readonly value: number;
  /** Place of the nearest reference; -1 where none reaches the threshold. */
  readonly reference: number;
}

/**
 * Average Normalised Levenshtein Similarity of one answer (A. F. Biten et al., Scene Text Visual Question Answering,
 * ICCV 2019, equation 1): the best over the references of 1 - edit distance / length of the longer, 0 below the threshold.
 * Lengths and edits are counted in code points. The figure of a data set is the mean over its questions.
 *
 * Two empty texts are alike. Without references the value is 0: whether "unanswerable" is right is for the caller to say.
 */
export function anls(prediction: string, references: readonly string[], options: AnlsOptions = {}): AnlsScore {
  const { threshold = 0.5, atThreshold = 'keep', normalize = 'official' } = options;
  const form = normalize === 'official' ? officialForm : asItIs;
  const predicted = form(prediction);
  const length = codePointLength(predicted);
  let value = 0;
  let reference = -1;
  for (const [place, text] of references.entries()) {
    const expected = form(text);
    const longest = Math.max(length, codePointLength(expected));
    if (longest === 0) return { value: 1, reference: place };
    // One more than could count, so that rounding of the limit never loses a text at the threshold.
    const limit = Math.floor((1 - Math.max(threshold, value)) * longest) + 1;
    const distance = boundedEditDistance(predicted, expected, limit);
    if (distance === undefined) continue;
    const similarity = 1 - distance / longest;
    const reached = atThreshold === 'keep' ? similarity >= threshold : distance / longest < 1 - threshold;
    if (!reached || similarity < value || (similarity === value && reference >= 0)) continue;
    value = similarity;
    reference = place;
    if (value === 1) break;
  }
  return { value, reference };
}

function officialForm(text: string): string {
  return text.toLowerCase().replace(/\s+/gu, ' ').trim();
}

function asItIs(text: string): string {
  return text;
}
