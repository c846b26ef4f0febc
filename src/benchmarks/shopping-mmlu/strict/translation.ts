import { withoutThoughts } from './clean.ts';

export interface TranslationReading {
  readonly text: string;
  readonly from: string;
}

/**
 * The translation in a reply: its first line, or the second where the first only announces it ("Here it is:").
 * Null for a blank reply.
 */
export function readTranslation(reply: string): TranslationReading | null {
  const lines = withoutThoughts(reply)
    .split(/\r\n|\r|\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const [first, second] = lines;
  if (first === undefined) return null;
  if (second !== undefined && /[:：]$/.test(first)) return { text: second, from: 'the line after the announcement' };
  return { text: first, from: 'the first line' };
}
