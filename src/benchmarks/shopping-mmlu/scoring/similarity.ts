import { FettleError, type ScorerContext } from '../../../core/index.ts';
import { cosineSimilarity } from '../../../metrics/index.ts';
import { encoders } from '../vocabulary.ts';

type SimilarityMetric = keyof typeof encoders;

/** Cosines of a reply with each gold text, or why there are none. */
export type Similarities = { readonly cosines: readonly number[] } | { readonly missing: string };

/**
 * Cosines between the encoder's vectors of a reply and of the gold texts, through the embedder of the run.
 * A zero vector gives NaN, as a division by zero does.
 */
export async function similarities(
  reply: string,
  texts: readonly string[],
  metric: SimilarityMetric,
  context: ScorerContext,
): Promise<Similarities> {
  const encoder = encoders[metric];
  const embedder = context.models.embedder;
  if (embedder?.embed === undefined) {
    return { missing: `encoder missing: ${encoder} is needed, and the run has no embedder` };
  }
  try {
    const { vectors } = await embedder.embed({ texts: [reply, ...texts], encoder }, { signal: context.signal });
    const [first, ...others] = vectors;
    return { cosines: others.map((vector) => cosineSimilarity(first ?? [], vector) ?? NaN) };
  } catch (error) {
    if (FettleError.isInstance(error) && error.code === 'encoder-missing') {
      return { missing: `encoder missing: ${error.message}` };
    }
    throw error;
  }
}

/** Mean of numbers; NaN of none. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
