/**
 * Reads what a server says about waiting, in milliseconds from now.
 * `retry-after-ms` (used by several hosts) wins over `Retry-After`, which is seconds (fractions are tolerated)
 * or an HTTP date (RFC 9110, section 10.2.3). Undefined where nothing sensible is said.
 *
 * @param nowMs milliseconds since 1970, to which a date is compared
 */
export function readRetryAfter(
  headers: Readonly<Record<string, string | string[] | undefined>>,
  nowMs: number = Date.now(),
): number | undefined {
  const inMs = Number.parseFloat(first(headers['retry-after-ms']) ?? '');
  if (Number.isFinite(inMs) && inMs >= 0) return inMs;
  const text = first(headers['retry-after'])?.trim();
  if (text === undefined || text === '') return undefined;
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  // The parser takes almost anything for a date; an HTTP date begins with its weekday.
  const date = /^[A-Z][a-z]{2}/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}

function first(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
