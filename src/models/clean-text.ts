import { redact } from './redact.ts';

// Control, format (bidirectional overrides, zero width), surrogate, private and separator characters.
// oxlint-disable-next-line no-control-regex
const unprintable = /[\u0000-\u001f\u007f-\u009f\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]+/gu;
// oxlint-disable-next-line no-control-regex
const escapeSequence = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/g;

/**
 * Makes text from outside fit for a terminal or a log: terminal escapes and control characters become spaces,
 * keys are taken out, the rest is cut at `limit` characters.
 */
export function cleanText(text: string, limit = 300): string {
  // Cut first, with room for what cleaning removes, so that a huge body costs nothing; redact before the final cut,
  // so that half a key never remains.
  const cleaned = redact(text.slice(0, limit * 8 + 512).replace(escapeSequence, ' '))
    .replace(unprintable, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return cleaned.length > limit ? `${cleaned.slice(0, limit - 1)}…` : cleaned;
}
