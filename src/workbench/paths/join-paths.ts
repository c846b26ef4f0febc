import { type Sample, usageError } from '../../core/index.ts';
import type { PathRow } from './read-paths.ts';

const plain = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

function questionOf({ input, metadata }: Sample): string {
  const given = metadata?.['question'];
  if (typeof given === 'string') return plain(given);
  const last = input.at(-1)?.content;
  return typeof last === 'string' ? plain(last) : '';
}

/**
 * The row of each sample: by id where rows have one, else by the question that they repeat, else by their order.
 * @throws usage error where nothing matches
 */
export function joinPaths(
  samples: readonly Sample[],
  rows: readonly PathRow[],
  source: string,
): (sample: Sample) => PathRow | undefined {
  const withId = rows.filter(({ id }) => id !== undefined);
  if (withId.length > 0) {
    const byId = new Map(withId.map((row) => [row.id, row]));
    if (samples.some(({ id }) => byId.has(id))) return ({ id }) => byId.get(id);
  }
  if (rows.every(({ question }) => question !== undefined)) {
    const byQuestion = new Map(rows.map((row) => [plain(row.question ?? ''), row]));
    if (samples.some((sample) => byQuestion.has(questionOf(sample)))) {
      return (sample) => byQuestion.get(questionOf(sample));
    }
  }
  if (withId.length === 0 && rows.length === samples.length) {
    const inOrder = samples.toSorted((a, b) => (a.position ?? 0) - (b.position ?? 0));
    const places = new Map(inOrder.map((sample, i) => [sample, i]));
    return (sample) => rows[places.get(sample) ?? -1];
  }
  throw usageError('No row of paths has the id or the question of a sample.', {
    where: source,
    hint: `Ids of samples look like this: ${samples
      .slice(0, 3)
      .map(({ id }) => id)
      .join(', ')}. Without ids there must be one row a sample, in the order of the data.`,
  });
}
