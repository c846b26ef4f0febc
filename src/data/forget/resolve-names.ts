import { usageError } from '../../core/index.ts';
import { nearestNames } from '../tree/nearest-names.ts';

const most = 200;

/**
 * The names of the data that were meant: as written, else the one that differs only in case, blanks, hyphens and
 * underscores. Throws a usage error with the nearest names and the list for one that the data has not.
 */
export function resolveNames(
  wanted: readonly string[],
  known: readonly string[],
  what: 'class' | 'superclass',
): string[] {
  const exact = new Set(known);
  const plural = `${what}es`;
  return wanted.map((name) => {
    if (exact.has(name)) return name;
    const alike = known.filter((other) => plainName(other) === plainName(name));
    if (alike.length === 1) return alike[0] as string;
    if (known.length === 0) {
      throw usageError(`The rule names the ${what} ${JSON.stringify(name)}, but the data has no ${plural}`, {
        where: `${what} ${name}`,
        hint: 'Use words=… for data with captions, or ids=….',
      });
    }
    const near = nearestNames(name, known);
    const list = known.length <= most ? known.join(', ') : `${known.slice(0, most).join(', ')}, …`;
    throw usageError(`The data has no ${what} ${JSON.stringify(name)}`, {
      where: `${what} ${name}`,
      hint: `${near.length > 0 ? `Did you mean ${near.join(' or ')}? ` : ''}The ${known.length} ${plural}: ${list}.`,
    });
  });
}

function plainName(name: string): string {
  return name
    .normalize('NFC')
    .toLowerCase()
    .replaceAll(/[\s_-]+/gu, '_');
}
