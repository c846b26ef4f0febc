import { anls } from '../../../metrics/documents/index.ts';

/** Replies that count as saying that there is no answer. Whole texts, in this spelling. */
const abstentions = new Set(['', 'none', 'NA', 'unanswerable']);

/** ANLS of the released code: texts are compared as they come; an empty list of answers asks for an abstention. */
export function referenceAnls(prediction: string, golds: readonly string[]): number {
  if (golds.length === 0) return abstentions.has(prediction) ? 1 : 0;
  // The released code divides by zero where both are empty; the reply is looked at first, so that never happens.
  return prediction === '' ? 0 : anls(prediction, golds, { normalize: 'none' }).value;
}
