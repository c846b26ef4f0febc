import type { Sample } from '../../core/index.ts';
import { finalAnswer } from '../../methods/steps/index.ts';
import { createScorer } from '../../scorers/index.ts';

/** How methods tell answers apart where no task says so: what a reply marks as its answer, else all of it. */
export const usualReading = 'final';

export type Reading = (text: string, sample: Sample) => string | null;

/**
 * The reading that is written so: `final`, or a scorer's name (`numeric`, `choice`, `regex:PATTERN`).
 * @throws usage error for what is neither
 */
export async function createReading(name: string): Promise<Reading> {
  if (name === usualReading) return (text) => finalAnswer(text) ?? (text.trim() || null);
  const scorer = await createScorer(name);
  return (text, sample) => (scorer.extract === undefined ? text.trim() || null : scorer.extract(text, sample));
}
