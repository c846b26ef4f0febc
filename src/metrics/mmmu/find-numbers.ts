import { pythonDigitClass as d, pythonWordClass as w } from '../python/index.ts';

const grouped = new RegExp(`-?(?<!${w})${d}{1,3}(?:,${d}{3})+(?!${w})`, 'gu');
// A match inside a run of digits would have begun with the run: saying so keeps long runs linear.
const scientific = new RegExp(`-?(?<!${d})${d}+(?:\\.${d}+)?[eE][+-]?${d}+`, 'gu');
const plain = new RegExp(
  `-?(?:(?<!${d})${d}+\\.${d}+|\\.${d}+|(?<!${d})${d}+(?!${w}))(?![eE][+-]?${d}+)(?![,${d.slice(1, -1)}])`,
  'gu',
);

/** The same for texts in ASCII, several times as fast. */
const asciiPatterns = [
  /-?\b\d{1,3}(?:,\d{3})+\b/g,
  /-?(?<!\d)\d+(?:\.\d+)?[eE][+-]?\d+/g,
  /-?(?:(?<!\d)\d+\.\d+|\.\d+|(?<!\d)\d+\b)(?![eE][+-]?\d+)(?![,\d])/g,
];
// oxlint-disable-next-line no-control-regex
const beyondAscii = /[^\x00-\x7f]/;

/** Numbers in a key text: grouped by commas, then scientific, then plain ones; a number may be found in parts again. */
export function referenceNumbers(text: string): string[] {
  const isAscii = !beyondAscii.test(text);
  if (isAscii && !/\d/.test(text)) return [];
  return (isAscii ? asciiPatterns : [grouped, scientific, plain]).flatMap((pattern) => text.match(pattern) ?? []);
}
