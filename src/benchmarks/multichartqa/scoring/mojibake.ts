/** What Windows-1252 has at 0x80 to 0x9f; the gaps are read as the control characters of Latin-1. */
const windows1252 =
  '\u20ac\u0081\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u008d\u017d\u008f' +
  '\u0090\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u009d\u017e\u0178';

const byteOf = new Map<string, number>();
for (let byte = 0x80; byte <= 0xff; byte++) byteOf.set(String.fromCharCode(byte), byte);
for (const [i, character] of Array.from(windows1252).entries()) byteOf.set(character, 0x80 + i);

const decoder = new TextDecoder('utf-8', { fatal: true });

/** Bytes that a UTF-8 sequence takes by its first one; 0 where none begins so. */
function lengthOf(lead: number): number {
  if (lead >= 0xc2 && lead <= 0xdf) return 2;
  if (lead >= 0xe0 && lead <= 0xef) return 3;
  return lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
}

/**
 * The text with UTF-8 that was read as Windows-1252 or Latin-1 put right ("MalmÃ¶" is "Malmö").
 * Only where it is certain: every character from U+0080 on has to belong to a sequence of bytes that is valid UTF-8, so
 * that a text with one honest accent, or one that lost a byte ("7 Â"), stays as it is. Text encoded twice over is
 * repaired twice.
 */
export function repairMojibake(text: string): string {
  if (!/[\x80-\uffff]/.test(text)) return text;
  let repaired = text;
  for (let round = 0; round < 3; round++) {
    const next = repairedOnce(repaired);
    if (next === undefined) break;
    repaired = next;
  }
  return repaired;
}

function repairedOnce(text: string): string | undefined {
  const characters = Array.from(text);
  let result = '';
  let sequences = 0;
  for (let i = 0; i < characters.length;) {
    const character = characters[i] as string;
    if (character <= '\x7f') {
      result += character;
      i += 1;
      continue;
    }
    const length = lengthOf(byteOf.get(character) ?? 0);
    const bytes = characters.slice(i, i + length).map((one) => byteOf.get(one) ?? 0);
    if (length === 0 || bytes.length < length) return undefined;
    try {
      result += decoder.decode(Uint8Array.from(bytes));
    } catch {
      return undefined;
    }
    sequences += 1;
    i += length;
  }
  return sequences === 0 ? undefined : result;
}
