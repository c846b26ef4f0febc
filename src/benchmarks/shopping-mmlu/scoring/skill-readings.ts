import { firstCharacter, pythonInt, pythonStrip, stripCharacter } from '../../../metrics/python/index.ts';

/** How the scorer for skill files reads replies (the leaderboard's; spec 4.1), its faults included. */

/** The first character after ordinary spaces, alone compared with the gold answer's text. */
export function skillChoice(reply: string): string {
  return firstCharacter(stripCharacter(reply, ' '));
}

/** The first three integers among all comma-separated pieces: the cut to the first line is computed and forgotten. */
export function skillRetrieved(reply: string): number[] {
  return integers(pythonStrip(reply)).slice(0, 3);
}

/** The integers of the first line, at most as many as there are candidates. */
export function skillRanked(reply: string, candidates: number): number[] {
  return rankedIntegers(reply).slice(0, candidates);
}

/** The integers of the first line, without the cut. */
export function rankedIntegers(reply: string): number[] {
  return integers(pythonStrip(reply.includes('\n') ? firstLine(stripCharacter(reply, '\n')) : reply));
}

/** Comma-separated pieces of the first line, in lower case; pieces of spaces become empty phrases that count. */
export function skillEntities(reply: string): string[] {
  return stripCharacter(firstLine(reply.replace(/^\n+/, '')), ' ')
    .split(',')
    .filter((piece) => piece !== '')
    .map((piece) => stripCharacter(piece.toLowerCase(), ' '));
}

/** What BLEU is computed of: the first line, after line ends at the start. */
export function skillTranslation(reply: string): string {
  return firstLine(stripCharacter(reply, '\n'));
}

/** Pieces between commas that Python's `int` reads; the others are dropped. */
export function integers(text: string): number[] {
  return text.split(',').flatMap((piece) => pythonInt(piece) ?? []);
}

/** Up to the first line feed; a carriage return ends no line here. */
export function firstLine(text: string): string {
  const end = text.indexOf('\n');
  return end < 0 ? text : text.slice(0, end);
}
