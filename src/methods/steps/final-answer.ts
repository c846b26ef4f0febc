const answerTag = /<(\/?)ans(?:wer)?[ \t]{0,3}>/gi;
const boxed = /\\f?boxed[ \t]{0,3}\{/g;

/**
 * The answer that a reply marks: the text of its last `<ans>` (or `<answer>`) tag that is not empty, else of its last
 * `\boxed{}` with matching braces. Null where it marks none. Linear in the text, whatever stands in it.
 */
export function finalAnswer(text: string): string | null {
  const tagged = lastTagged(text);
  if (tagged === null) return lastBoxed(text);
  return lastBoxed(tagged) ?? tagged;
}

function lastTagged(text: string): string | null {
  let found: string | null = null;
  let open: number | null = null;
  for (const match of text.matchAll(answerTag)) {
    if (match[1] === '') {
      open = match.index + match[0].length;
      continue;
    }
    if (open === null) continue;
    const inside = text.slice(open, match.index).trim();
    if (inside !== '') found = inside;
    open = null;
  }
  if (open === null) return found;
  // A reply that was cut off, or a model that forgets to close: the rest of the line.
  const end = text.indexOf('\n', open);
  const rest = text.slice(open, end === -1 ? undefined : end).trim();
  return rest === '' ? found : rest;
}

function lastBoxed(text: string): string | null {
  let found: string | null = null;
  let readTo = 0;
  for (const match of text.matchAll(boxed)) {
    const start = match.index + match[0].length;
    // Boxes within a box belong to it; one that never closes is no answer, and neither is read twice.
    if (start < readTo) continue;
    const end = closingBrace(text, start);
    if (end === null) break;
    readTo = end;
    const inside = text.slice(start, end).trim();
    if (inside !== '') found = inside;
  }
  return found;
}

function closingBrace(text: string, start: number): number | null {
  let depth = 1;
  for (let i = start; i < text.length; i++) {
    const character = text[i];
    if (character === '\\') i += 1;
    else if (character === '{') depth += 1;
    else if (character === '}' && --depth === 0) return i;
  }
  return null;
}
