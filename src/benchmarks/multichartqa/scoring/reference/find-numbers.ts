import { pythonDigitClass as d, pythonWordClass as w } from '../../../../metrics/python/index.ts';

const grouped = new RegExp(`-?(?<!${w})${d}{1,3}(?:,${d}{3})+(?!${w})`, 'gu');
// A match inside a run of digits would have begun with the run: saying so keeps long runs linear.
const scientific = new RegExp(`-?(?<!${d})${d}+(?:\\.${d}+)?[eE][+-]?${d}+`, 'gu');
const plain = new RegExp(
  `-?(?:(?<!${d})${d}+\\.${d}+|\\.${d}+|(?<!${d})${d}+(?!${w}))(?![eE][+-]?${d}+)(?![,${d.slice(1, -1)}])`,
  'gu',
);

/** Numbers in a key text: grouped by commas, then scientific, then plain ones; a number may be found in parts again. */
export function referenceNumbers(text: string): string[] {
  return [grouped, scientific, plain].flatMap((pattern) => text.match(pattern) ?? []);
}
