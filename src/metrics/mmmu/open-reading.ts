import { pythonFloat, pythonStrip, roundToCents, stripCharacter } from '../python/index.ts';
import { referenceNumbers } from './find-numbers.ts';

/** A prediction or gold part as the released scorer compares it. */
export type Normalized = string | number;

export interface OpenReading {
  readonly keyTexts: readonly string[];
  /** Texts and numbers, each once, in the order of finding. */
  readonly predictions: readonly Normalized[];
}

const markers = ['answer: ', 'could be ', 'so ', 'is ', 'thus ', 'therefore ', 'final ', 'answer ', 'result '];
const lonePunctuation: ReadonlySet<string> = new Set([':', ',', '.', '!', '?', ';', "'"]);

/** What every text that `float()` reads has, without its signs: a first character of these, or none in ASCII. */
// oxlint-disable-next-line no-control-regex
const mayBeNumber = /^[\d.,+\-nNiI]|[^\x00-\x7f]/;

/** A number of two decimals where Python would read one, else lower-case text. */
export function normalizeReference(text: string): Normalized {
  const stripped = pythonStrip(text);
  const value = mayBeNumber.test(stripped) ? pythonFloat(stripped.replaceAll(',', '')) : undefined;
  return value === undefined ? stripped.toLowerCase() : roundToCents(value);
}

/** What the released scorer takes from a reply to an open question, in reasoning and answer alike. */
export function readOpenReference(reply: string): OpenReading {
  const text = stripCharacter(pythonStrip(reply), '.').toLowerCase();
  const lines = text.split('\n');
  const found = lines.flatMap((line, i) => keyTextOf(line, i === lines.length - 1) ?? []);
  const keyTexts = found.length === 0 ? [text] : found;
  const predictions = new Map<Normalized | symbol, Normalized>();
  for (const raw of [...keyTexts, ...keyTexts.flatMap(referenceNumbers)]) {
    const value = normalizeReference(raw);
    // As in a Python set: of -0.0 and 0.0 the first stays, and no NaN equals another.
    const key = Number.isNaN(value) ? Symbol('nan') : value === 0 ? 0 : value;
    if (!predictions.has(key)) predictions.set(key, value);
  }
  return { keyTexts, predictions: [...predictions.values()] };
}

/** The shortest text after a marker's last occurrence in the line. An empty one gives way to the next marker's. */
function keyTextOf(line: string, isLast: boolean): string | undefined {
  let shortest = '';
  for (const marker of isLast ? [...markers, '='] : markers) {
    const at = line.lastIndexOf(marker);
    if (at < 0) continue;
    const tail = pythonStrip(line.slice(at + marker.length));
    if (shortest === '' || isShorter(tail, shortest)) shortest = tail;
  }
  return shortest === '' || lonePunctuation.has(shortest) ? undefined : shortest;
}

/** By length as Python counts it; a code point is at most two units. */
function isShorter(a: string, b: string): boolean {
  if (a.length >= 2 * b.length) return false;
  return a.length * 2 < b.length || characters(a) < characters(b);
}

function characters(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}
