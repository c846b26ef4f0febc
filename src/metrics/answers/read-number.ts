import { answerCues } from './answer-cues.ts';
import { findNumbers, type FoundNumber, type NumberFormat } from './find-numbers.ts';

export interface ReadNumberOptions extends NumberFormat {
  /** Which of several different numbers without an answer cue counts. Default `none`: the reply is unparsed. */
  readonly severalTake?: 'none' | 'first' | 'last';
}

export interface NumberReading {
  /** Null where the reply gives no number that can be told apart. */
  readonly number: FoundNumber | null;
  /** For people: what was read and why. */
  readonly explanation: string;
}

/** How far after a cue a number may stand. */
const reach = 200;

/**
 * The number that a reply gives as its answer: the first one after the last answer cue that has one ("the answer is",
 * `\boxed{`, `####`); without a cue, the number that stands alone or repeats. Several different ones are unparsed unless
 * asked otherwise.
 */
export function readNumber(reply: string, { severalTake = 'none', ...format }: ReadNumberOptions = {}): NumberReading {
  const text = reply.normalize('NFKC');
  for (const start of answerCues(text).reverse()) {
    const [after] = findNumbers(text.slice(start, start + reach).split('\n', 1)[0] as string, format);
    if (after !== undefined) {
      return {
        number: { ...after, index: after.index + start },
        explanation: `"${after.raw}" stands after an answer cue`,
      };
    }
  }
  const numbers = findNumbers(text, format);
  const [first] = numbers;
  const last = numbers.at(-1);
  if (first === undefined || last === undefined) return { number: null, explanation: 'no number in the reply' };
  if (numbers.every(({ value, percent }) => value === first.value && percent === first.percent)) {
    return { number: last, explanation: `"${last.raw}" is the only number` };
  }
  const several = `${numbers.length} numbers and no answer cue`;
  if (severalTake === 'none') return { number: null, explanation: several };
  const taken = severalTake === 'first' ? first : last;
  return { number: taken, explanation: `${several}: the ${severalTake} is "${taken.raw}"` };
}

export interface Tolerance {
  /** Largest difference that still agrees. Default 0. */
  readonly absolute?: number;
  /** Largest difference as a share of the expected value. Default 1e-9, for rounding; ChartQA's relaxed accuracy is 0.05. */
  readonly relative?: number;
  /**
   * `same`: 5 % is 0.05. `either` (default): where just one side has a percent sign the other may mean 5 or 0.05.
   */
  readonly percent?: 'same' | 'either';
  /** `same`: two units or currencies that differ disagree; a missing one is forgiven. Default `ignore`. */
  readonly unit?: 'same' | 'ignore';
}

function close(a: number, b: number, { absolute = 0, relative = 1e-9 }: Tolerance): boolean {
  return Math.abs(a - b) <= Math.max(absolute, relative * Math.abs(b));
}

function differ(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && b !== undefined && a.toLowerCase() !== b.toLowerCase();
}

/**
 * Whether a number that was read agrees with the expected one.
 * @throws RangeError for a negative tolerance.
 */
export function numbersAgree(
  predicted: number | FoundNumber,
  expected: number | FoundNumber,
  tolerance: Tolerance = {},
): boolean {
  if ((tolerance.absolute ?? 0) < 0 || (tolerance.relative ?? 0) < 0)
    throw new RangeError('numbersAgree: negative tolerance');
  const plain = (value: number): FoundNumber => ({ value, percent: false, raw: String(value), index: 0 });
  const a = typeof predicted === 'number' ? plain(predicted) : predicted;
  const b = typeof expected === 'number' ? plain(expected) : expected;
  if (tolerance.unit === 'same' && (differ(a.unit, b.unit) || differ(a.currency, b.currency))) return false;
  if (a.percent === b.percent) return close(a.value, b.value, tolerance);
  const share = (found: FoundNumber): number => (found.percent ? found.value / 100 : found.value);
  if (close(share(a), share(b), tolerance)) return true;
  return (tolerance.percent ?? 'either') === 'either' && close(a.value, b.value, tolerance);
}
