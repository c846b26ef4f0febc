import stringWidth from 'string-width';
import { fitWidth } from './text-table.ts';

/** Lines of at most `width` columns, broken at spaces; a longer word is cut. Later lines start with `indent`. */
export function wrapText(text: string, width: number, indent = ''): string[] {
  const lines: string[] = [];
  let line = '';
  const words = text.split(' ');
  for (const [i, word] of words.entries()) {
    const fitted = fitWidth(word, width - indent.length);
    if (i === 0) line = fitted;
    else if (stringWidth(line) + 1 + stringWidth(fitted) <= width) line += ` ${fitted}`;
    else {
      lines.push(line);
      line = indent + fitted;
    }
  }
  return [...lines, line];
}
