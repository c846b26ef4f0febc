import { z } from 'zod';
import type { Scorer } from '../../core/index.ts';

const retrievedSchema = z.array(z.object({ id: z.string(), similarity: z.number() }));

/**
 * 1 when a right item is among the `k` nearest: its rank, 1 + the number of strictly nearer items, is at most k.
 * The target lists the right items' ids; the answer comes from the method `retrieval`.
 */
export function recallScorer(k: number): Scorer {
  return {
    name: `recall@${k}`,
    score({ metadata }, { target }) {
      const parsed = retrievedSchema.safeParse(metadata?.['retrieved']);
      if (!parsed.success) {
        return { value: null, parsed: true, reason: 'the answer lists no retrieved items (method retrieval)' };
      }
      const right = new Set(Array.isArray(target) ? target : []);
      const best = parsed.data.find(({ id }) => right.has(id));
      if (best === undefined) return { value: 0, parsed: true, explanation: 'no right item among the nearest' };
      const rank = 1 + parsed.data.filter(({ similarity }) => similarity > best.similarity).length;
      return { value: rank <= k ? 1 : 0, parsed: true, answer: best.id, explanation: `rank ${rank}` };
    },
  };
}
