import type { JsonObject, Score } from '../src/core/index.ts';
import { repairMojibake } from '../src/benchmarks/multichartqa/scoring/index.ts';
import type { ChartTarget } from '../src/benchmarks/multichartqa/scoring/target.ts';
import { findNumbers } from '../src/metrics/index.ts';

interface Part {
  readonly gold: string;
  readonly given: string;
  readonly right: boolean;
}

const number = (text: string): number | undefined => findNumbers(text)[0]?.value;

function near(a: number | undefined, b: number | undefined): boolean {
  return a !== undefined && b !== undefined && Math.abs(a - b) <= 0.05 * Math.abs(b);
}

/** Why strict and reference differ on a reply, as far as gold and the parts that strict read can tell. */
export function differenceKind(target: ChartTarget, reply: string, strict: Score, points: number): string {
  if (target.type === 'multiple-choice') {
    return points > 0 ? 'an option by its words or in another form' : 'a letter that was drawn or read from words';
  }
  if (!strict.parsed) return 'no final answer, only reasoning';
  // Written by the strict scorer.
  const parts = ((strict.metadata as JsonObject | undefined)?.['parts'] ?? []) as unknown as readonly Part[];
  return points > 0 ? gained(target, parts) : lost(target, reply, parts);
}

function gained({ answer }: ChartTarget, parts: readonly Part[]): string {
  if (repairMojibake(answer) !== answer || /[\u2212\u2018-\u201d]/.test(answer))
    return 'gold encoded twice, minus sign or curly quotes';
  const right = parts.filter((part) => part.right).map(({ gold }) => gold);
  if (right.some((gold) => /^(?:first|second|third|fourth|fifth)/i.test(gold))) return 'ranks: 3rd or 3 for Third';
  if (right.some((gold) => gold.includes('%') && /\d/.test(gold))) return 'percent signs';
  if (
    right.some((gold) => /^[+-]?[$€£]|\d\s?(?:[kKmMbBtTG]|bn|million|billion)(?!\p{L})|^-?[\d.,]+ \p{L}/u.test(gold))
  ) {
    return 'currency, scales and units';
  }
  if (right.some((gold) => number(gold) !== undefined)) return 'numbers in another form, or the answer below its line';
  return 'words: plural, punctuation, spaces, sentences';
}

function lost({ task }: ChartTarget, reply: string, parts: readonly Part[]): string {
  const wrong = parts.filter((part) => !part.right);
  const [first] = wrong;
  if (first === undefined) return 'more parts than asked for';
  const elsewhere = ({ gold }: Part): boolean =>
    parts.some(({ given }) => given.toLowerCase() === gold.toLowerCase() || near(number(given), number(gold)));
  const close = wrong.find(({ gold, given }) => near(number(given), number(gold)));
  if (close !== undefined) {
    const value = number(close.gold) as number;
    if (value >= 1900 && value <= 2100 && Number.isInteger(value)) return 'another year within 5 %';
    return task.endsWith('/Structure') ? 'another tick or count within 5 %' : 'another small number within 5 %';
  }
  if (parts.length > 1 && wrong.some(elsewhere)) return 'parts in another order, or one answer for two parts';
  if (wrong.some(({ gold }) => /^[A-D]$/i.test(gold))) return 'a letter found within words';
  if (wrong.some(({ gold, given }) => number(gold) === undefined && given.toLowerCase().includes(gold.toLowerCase()))) {
    return 'several candidates, or the gold within other words';
  }
  if (wrong.some(({ gold }) => reply.toLowerCase().includes(gold.toLowerCase())))
    return 'right in the reasoning, another final answer';
  return 'other numbers and words of the reply';
}
