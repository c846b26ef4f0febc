import type { OcrWord } from './ocr-page.ts';

/** Words that share more than this part of the smaller one stand in the same place. */
const samePlace = 0.4;
/** So much surer a later reading has to be to take the place of an earlier one. */
const surer = 5;

/** Several readings of one picture as one: of words in the same place the surest stays, ties go to the earlier reading. */
export function mergeWords(readings: readonly (readonly OcrWord[])[]): OcrWord[] {
  let merged: OcrWord[] = [];
  for (const reading of readings) {
    for (const word of reading) {
      const rivals = merged.filter((other) => shared(word, other) > samePlace * Math.min(area(word), area(other)));
      if (rivals.some((other) => word.confidence <= other.confidence + surer)) continue;
      if (rivals.length > 0) merged = merged.filter((other) => !rivals.includes(other));
      merged.push(word);
    }
  }
  return merged;
}

function area({ left, top, right, bottom }: OcrWord): number {
  return (right - left) * (bottom - top);
}

function shared(a: OcrWord, b: OcrWord): number {
  const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  return width > 0 && height > 0 ? width * height : 0;
}
