export interface Tokenized {
  /** Position in the request. */
  readonly index: number;
  readonly ids: readonly number[];
}

/** More would hold up the event loop for long: ONNX Runtime computes in the calling thread. */
const batchTokens = 1024;

/**
 * Batches of texts with the same number of tokens, short ones first. Nothing is padded, so a text's vector does not
 * depend on which others it is asked with.
 */
export function equalLengthBatches(texts: readonly Tokenized[], limit: number = batchTokens): Tokenized[][] {
  const batches: Tokenized[][] = [];
  let current: Tokenized[] = [];
  for (const text of texts.toSorted((a, b) => a.ids.length - b.ids.length || a.index - b.index)) {
    const length = text.ids.length;
    const full = (current.length + 1) * length > limit;
    if (current.length > 0 && (current[0]?.ids.length !== length || full)) {
      batches.push(current);
      current = [];
    }
    current.push(text);
  }
  if (current.length > 0) batches.push(current);
  return batches;
}

/** Cuts to `maxTokens` and keeps the last token, which ends a text (`[SEP]`, `</s>`). */
export function truncateIds(ids: readonly number[], maxTokens: number): readonly number[] {
  return ids.length <= maxTokens ? ids : [...ids.slice(0, maxTokens - 1), ...ids.slice(-1)];
}
