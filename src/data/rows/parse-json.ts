import type { JsonValue } from '../../core/index.ts';

/**
 * True where the text has a run of 16 digits or more: it may be an integer that a double cannot hold.
 * Such a run covers an index that is a multiple of 16, so one character in 16 is looked at.
 */
export function hasLongDigits(text: string): boolean {
  for (let at = 15; at < text.length; at += 16) {
    if (!isDigit(text.charCodeAt(at))) continue;
    let start = at;
    while (start > 0 && isDigit(text.charCodeAt(start - 1))) start--;
    let end = at + 1;
    while (end < text.length && isDigit(text.charCodeAt(end))) end++;
    if (end - start >= 16) return true;
  }
  return false;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/**
 * `JSON.parse`, but an integer beyond ±(2^53 - 1) becomes its text, so that long ids stay distinct.
 * Throws the engine's SyntaxError.
 */
export function parseJson(text: string): JsonValue {
  return hasLongDigits(text) ? parseJsonExactly(text) : (JSON.parse(text) as JsonValue);
}

/** As `parseJson`, for texts that are known to hold long runs of digits. */
export function parseJsonExactly(text: string): JsonValue {
  return JSON.parse(text, (_key, value: unknown, context?: { source?: string }) => {
    if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
    const source = context?.source;
    return source !== undefined && /^-?\d+$/.test(source) ? source : value;
  }) as JsonValue;
}
