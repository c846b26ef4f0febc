import { isAlphanumeric, isNumeric, pythonStrip } from '../../../metrics/python/index.ts';
import { firstLine, integers } from './skill-readings.ts';

/** How the scripts for single tasks read replies (spec 4.2), where they differ from the scorer for skill files. */

/** The first character that Python calls numeric, "½" and "²" included; with letters the first alphanumeric one. */
export function taskChoice(reply: string, letters: boolean): string | undefined {
  for (const character of reply) if (letters ? isAlphanumeric(character) : isNumeric(character)) return character;
  return undefined;
}

/** The first three integers of the first line. */
export function taskRetrieved(reply: string): number[] {
  return integers(firstLine(pythonStrip(reply))).slice(0, 3);
}
