import type { MethodContext, Sample } from '../../core/index.ts';
import type { ScoreOptions } from './step-verifier.ts';

/** Makes something for each prefix, in order; the calls of all are begun at once. */
export type ForPrefixes<T> = (
  prefixes: readonly (readonly string[])[],
  sample: Sample,
  context: MethodContext,
) => readonly Promise<T>[];

type ForSteps<T> = (
  sample: Sample,
  steps: readonly string[],
  context: MethodContext,
  options?: ScoreOptions,
) => Promise<readonly T[]>;

/**
 * Keeps what was made for a prefix as long as the models of one sample live. What is still under way is waited for,
 * not asked again; what failed is asked again.
 */
export function prefixCache<T>(make: ForPrefixes<T>): ForSteps<T> {
  // A run makes models for each sample and epoch, which is how long a score holds.
  const caches = new WeakMap<object, Map<string, Promise<T>>>();
  return async (sample, steps, context, { from = 0 } = {}) => {
    let cache = caches.get(context.models);
    if (cache === undefined) caches.set(context.models, (cache = new Map()));
    const keys: string[] = [];
    const missing: { readonly key: string; readonly prefix: readonly string[] }[] = [];
    for (let index = Math.max(0, from); index < steps.length; index++) {
      const prefix = steps.slice(0, index + 1);
      const key = JSON.stringify([sample.id, prefix]);
      keys.push(key);
      if (!cache.has(key)) missing.push({ key, prefix });
    }
    if (missing.length > 0) {
      const prefixes = missing.map(({ prefix }) => prefix);
      const made = make(prefixes, sample, context);
      for (const [i, { key }] of missing.entries()) {
        const one = made[i];
        if (one === undefined) continue;
        cache.set(key, one);
        const kept = cache;
        one.catch(() => kept.delete(key));
      }
    }
    // All are waited for, so that none fails unheard while another has already failed the sample.
    const settled = await Promise.allSettled(keys.map((key) => cache.get(key)));
    return settled.map((one) => {
      if (one.status === 'rejected') throw one.reason;
      if (one.value === undefined) throw new Error('A verifier gave fewer scores than prefixes.');
      return one.value;
    });
  };
}

/** The same for scores, which are kept within [0, 1]. */
export function cachedScores(score: ForPrefixes<number>): ForSteps<number> {
  const cached = prefixCache(score);
  return async (...args) => (await cached(...args)).map((value) => Math.min(1, Math.max(0, value)));
}
