import type { MethodContext, Sample } from '../../core/index.ts';
import type { ScoreOptions } from './step-verifier.ts';

export interface Prefix {
  /** 0-based index of the prefix's last step. */
  readonly index: number;
  readonly steps: readonly string[];
}

/** Scores the prefixes that are not known yet, in their order. */
export type ScorePrefixes = (
  prefixes: readonly Prefix[],
  sample: Sample,
  context: MethodContext,
) => readonly Promise<number>[];

/** What the score of a prefix depends on beside the prefix. */
export type CacheScope = (steps: readonly string[], context: MethodContext) => string;

/**
 * Keeps scores by prefix for as long as the models of one sample live. A prefix whose scoring is still under way is
 * waited for, not asked again; one that failed is asked again.
 */
export function cachedByPrefix(
  score: ScorePrefixes,
  scope: CacheScope = () => '',
): (
  sample: Sample,
  steps: readonly string[],
  context: MethodContext,
  options?: ScoreOptions,
) => Promise<readonly number[]> {
  // A run makes models for each sample and epoch, which is how long a score holds.
  const caches = new WeakMap<object, Map<string, Promise<number>>>();
  return async (sample, steps, context, { from = 0 } = {}) => {
    let cache = caches.get(context.models);
    if (cache === undefined) caches.set(context.models, (cache = new Map()));
    const scores: Promise<number>[] = [];
    const missing: { readonly prefix: Prefix; readonly key: string; readonly at: number }[] = [];
    const scoped = scope(steps, context);
    for (let index = Math.max(0, from); index < steps.length; index++) {
      const prefix = { index, steps: steps.slice(0, index + 1) };
      const key = JSON.stringify([sample.id, scoped, prefix.steps]);
      const known = cache.get(key);
      if (known === undefined) missing.push({ prefix, key, at: scores.length });
      scores.push(known ?? Promise.resolve(NaN));
    }
    if (missing.length > 0) {
      const made = score(
        missing.map(({ prefix }) => prefix),
        sample,
        context,
      );
      for (const [i, { key, at }] of missing.entries()) {
        const scored = made[i];
        if (scored === undefined) throw new Error('A verifier gave fewer scores than prefixes.');
        cache.set(key, scored);
        scored.catch(() => cache.delete(key));
        scores[at] = scored;
      }
    }
    // All are waited for, so that none fails unheard while another has already failed the sample.
    const settled = await Promise.allSettled(scores);
    return settled.map((one) => {
      if (one.status === 'rejected') throw one.reason;
      return Math.min(1, Math.max(0, one.value));
    });
  };
}
