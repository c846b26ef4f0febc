import { pythonStrip } from '../../../metrics/python/index.ts';

const openTag = /<Step(?: \d+)?>/;
const closeTag = /<\/Step(?: \d+)?>/g;

/** Pieces of fewer characters are taken for none. */
const shortest = 5;

const isShort = (text: string): boolean => [...text].length < shortest;

/**
 * The step splitter of the released code (spec 2.5), faults included: text before the first tag becomes step 1 and
 * shifts the rest, the last piece is left without tags and takes the closing sentence, removed closing tags leave their
 * blanks, steps get new numbers, and one under five characters uses up a number without getting tags.
 */
export function splitAsReleased(reply: string): string[] {
  const pieces = reply.split(openTag).map((piece) => pythonStrip(piece).replace(closeTag, ''));
  let number = 0;
  return pieces.map((piece, i) => {
    if (i === 0 && isShort(piece)) return piece;
    number += 1;
    if (i === pieces.length - 1 || isShort(piece)) return piece;
    return `<Step ${number}> ${piece} </Step ${number}>`;
  });
}

/** The steps that the released code shows to its verifier: those of five characters or more. */
export function releasedSteps(reply: string): string[] {
  return splitAsReleased(reply).filter((step) => !isShort(step));
}
