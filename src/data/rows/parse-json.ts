import type { JsonValue } from '../../core/index.ts';

/** Digits in a run that long may be an integer that a double cannot hold. */
export const longDigits = /\d{16}/;

/**
 * `JSON.parse`, but an integer beyond ±(2^53 - 1) becomes its text, so that long ids stay distinct.
 * Throws the engine's SyntaxError.
 */
export function parseJson(text: string): JsonValue {
  return longDigits.test(text) ? parseJsonExactly(text) : (JSON.parse(text) as JsonValue);
}

/** As `parseJson`, for texts that are known to hold long runs of digits. */
export function parseJsonExactly(text: string): JsonValue {
  return JSON.parse(text, (_key, value: unknown, context?: { source?: string }) => {
    if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
    const source = context?.source;
    return source !== undefined && /^-?\d+$/.test(source) ? source : value;
  }) as JsonValue;
}
