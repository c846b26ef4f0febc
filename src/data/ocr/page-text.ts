import type { OcrPage, OcrWord } from './ocr-page.ts';

/** Words that share less than this part of the lower one's height stand in different rows. */
const rowOverlap = 0.5;
/** A gap of more than so many times the height of the text parts cells: ticks, columns of a legend. */
const cellGap = 1.2;

interface TextRow {
  top: number;
  bottom: number;
  readonly words: OcrWord[];
}

/**
 * The text of a page as it stands: one line a row from top to bottom, words from left to right, ` | ` where there is a
 * wide gap. Ticks of an axis thus stay in their order, and a value beside its label. Vertical text comes first.
 */
export function pageText({ words, vertical }: OcrPage): string {
  const lines = vertical.map((line) => `[vertical] ${line}`);
  for (const row of rowsOf(words)) {
    const sorted = row.words.toSorted((a, b) => a.left - b.left);
    let text = '';
    let before: OcrWord | undefined;
    for (const word of sorted) {
      if (before !== undefined) {
        const height = Math.max(before.bottom - before.top, word.bottom - word.top);
        text += word.left - before.right > cellGap * height ? ' | ' : ' ';
      }
      text += word.text;
      before = word;
    }
    lines.push(text);
  }
  return lines.join('\n');
}

function rowsOf(words: readonly OcrWord[]): TextRow[] {
  const rows: TextRow[] = [];
  for (const word of words.toSorted((a, b) => a.top + a.bottom - (b.top + b.bottom))) {
    const row = rows.findLast((candidate) => {
      const shared = Math.min(candidate.bottom, word.bottom) - Math.max(candidate.top, word.top);
      return shared > rowOverlap * Math.min(candidate.bottom - candidate.top, word.bottom - word.top);
    });
    if (row === undefined) rows.push({ top: word.top, bottom: word.bottom, words: [word] });
    else {
      // The row keeps the height of its text: a tall neighbour must not draw in the rows above and below.
      row.top = Math.max(row.top, word.top);
      row.bottom = Math.min(row.bottom, word.bottom);
      row.words.push(word);
    }
  }
  return rows.toSorted((a, b) => a.top + a.bottom - (b.top + b.bottom));
}
