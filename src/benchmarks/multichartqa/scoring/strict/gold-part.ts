import { type Quantity, readQuantities } from './quantity.ts';

/** What a gold part is, as its own text says. */
export type GoldPart =
  | { readonly kind: 'letter'; readonly text: string; readonly letter: string }
  | { readonly kind: 'number'; readonly text: string; readonly quantity: Quantity }
  /** Two numbers that make one label: "18-29", "-10 to 10", "3 by 2". */
  | { readonly kind: 'pair'; readonly text: string; readonly quantities: readonly [Quantity, Quantity] }
  | { readonly kind: 'text'; readonly text: string };

const before = /^[\s~≈≤≥<>+±$€£¥-]*$/;
const unit = /^[\s%]*(?:[\p{L}°][\p{L}\p{N}°/²³]{0,14}(?:\s+\p{L}{1,14}){0,2})?[\s%.]*$/u;
const between = /^[\s%)\p{L}]*?\s*(?:-|to|and|by|x|×)\s*[\s(+$€£-]*$/u;

/** @param text with signs written alike. */
export function readGoldPart(text: string, hasOptions: boolean): GoldPart {
  if (hasOptions && /^[A-H]$/i.test(text)) return { kind: 'letter', text, letter: text.toUpperCase() };
  const [first, second, third] = readQuantities(asPair(text));
  if (first === undefined || third !== undefined || !before.test(text.slice(0, text.search(/[\d.]/)))) {
    return { kind: 'text', text };
  }
  const rest = asPair(text).slice(first.index + first.raw.length);
  if (second === undefined) return unit.test(rest) ? { kind: 'number', text, quantity: first } : { kind: 'text', text };
  const gap = asPair(text).slice(first.index + first.raw.length, second.index);
  const tail = asPair(text).slice(second.index + second.raw.length);
  return between.test(gap) && unit.test(tail)
    ? { kind: 'pair', text, quantities: [first, second] }
    : { kind: 'text', text };
}

/** "3x2" and "3 × 2" as "3 by 2", so that the sign is no unit. */
export function asPair(text: string): string {
  return text.replace(/(?<=\d)\s*[x×]\s*(?=\d)(?!10\s*\^)/gi, ' by ');
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
