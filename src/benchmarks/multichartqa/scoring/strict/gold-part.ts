import { type Quantity, readQuantities, readRanks, writtenNumbers } from './quantity.ts';

/** What a gold part is, as its own text says. */
export type GoldPart =
  | { readonly kind: 'letter'; readonly text: string; readonly letter: string }
  | { readonly kind: 'number'; readonly text: string; readonly quantity: Quantity }
  | { readonly kind: 'rank'; readonly text: string; readonly rank: number }
  /** Two numbers that make one label: "15-24", "-4 to 4", "3 by 2". */
  | { readonly kind: 'pair'; readonly text: string; readonly quantities: readonly [Quantity, Quantity] }
  | { readonly kind: 'text'; readonly text: string };

const before = /^[\s~≈≤≥<>+±$€£¥-]*$/;
const unit = /^[\s%]*(?:[\p{L}°][\p{L}\p{N}°/²³]{0,14}(?:\s+\p{L}{1,14}){0,2})?[\s%.]*$/u;
const between = /^[\s%)\p{L}]*?\s*(?:-|to|and|by|x|×)\s*[\s(+$€£-]*$/u;

/** @param text with signs written alike. */
export function readGoldPart(text: string, hasOptions: boolean): GoldPart {
  if (hasOptions && /^[A-H]$/i.test(text)) return { kind: 'letter', text, letter: text.toUpperCase() };
  const [rank] = readRanks(text);
  if (rank !== undefined && /^(?:the\s+)?[\p{L}\d]+(?:\s+chart)?[\s.]*$/iu.test(text))
    return { kind: 'rank', text, rank };
  const written = writtenNumbers(text);
  const [first, second, third] = readQuantities(written);
  if (first === undefined || third !== undefined || !before.test(written.slice(0, written.search(/[\d.]/)))) {
    return { kind: 'text', text };
  }
  const end = first.index + first.raw.length;
  if (second === undefined) {
    return unit.test(written.slice(end)) ? { kind: 'number', text, quantity: first } : { kind: 'text', text };
  }
  const isPair = between.test(written.slice(end, second.index));
  return isPair && unit.test(written.slice(second.index + second.raw.length))
    ? { kind: 'pair', text, quantities: [first, second] }
    : { kind: 'text', text };
}

export type Comparison = 'exact' | 'read-off';

/**
 * How the number of a gold part is compared where no label file says: years, small whole numbers and everything in
 * questions on the structure of charts exactly, values that are read off with 5 %.
 */
export function comparisonOf({ value, bare }: Quantity, task: string): Comparison {
  if (task.endsWith('/Structure')) return 'exact';
  if (bare && value >= 1900 && value <= 2100) return 'exact';
  return Number.isInteger(value) && Math.abs(value) <= 20 ? 'exact' : 'read-off';
}
