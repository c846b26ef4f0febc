import { firstCharacter, isNumeric, pythonInt, pythonStrip } from '../../../metrics/python/index.ts';
import { pythonStringList } from '../python/literal.ts';
import { integers } from './skill-readings.ts';

/** How the KDD Cup's starter kit reads replies (parsers 0.1.1; spec 4.3). All see the first 5,000 characters. */

const maxCharacters = 5000;

/** Code points, as Python counts characters. */
export function kddCut(reply: string): string {
  if (reply.length <= maxCharacters) return reply;
  let end = 0;
  for (let count = 0; count < maxCharacters && end < reply.length; count++) {
    end += (reply.codePointAt(end) as number) > 0xffff ? 2 : 1;
  }
  return reply.slice(0, end);
}

/** The first character after white space as an integer, else -1. */
export function kddChoice(reply: string): number {
  return pythonInt(firstCharacter(pythonStrip(reply))) ?? -1;
}

/** Only numeric characters, commas and spaces are kept, so numbers on several lines run together. */
export function kddRetrieved(reply: string): number[] {
  return integers(cleaned(reply)).slice(0, 3);
}

/** As retrieval, but numbers above 5 are dropped, five are kept, and any repeat empties the list. */
export function kddRanked(reply: string): number[] {
  const ranked = integers(cleaned(reply))
    .filter((number) => number <= 5)
    .slice(0, 5);
  return new Set(ranked).size === ranked.length ? ranked : [];
}

/** A Python list of texts, else the pieces between commas; not yet in lower case. */
export function kddEntities(reply: string): string[] {
  return (
    pythonStringList(reply) ??
    reply
      .split(',')
      .map(pythonStrip)
      .filter((piece) => piece !== '')
  );
}

function cleaned(reply: string): string {
  let kept = '';
  for (const character of reply) {
    if (character === ',' || character === ' ' || isNumeric(character)) kept += character;
  }
  return kept;
}
