import type { Interval } from '../summary.ts';

const none = '—';

/** `86.1`: percent without its sign, for columns that carry it. */
export function formatPoints(rate: number | null | undefined, decimals = 1): string {
  if (rate === null || rate === undefined || !Number.isFinite(rate)) return none;
  const text = (rate * 100).toFixed(decimals);
  return Number(text) === 0 ? text.replace('-', '') : text.replace('-', '−');
}

/** `86.1 %`. */
export const formatRate = (rate: number | null | undefined, decimals = 1): string => {
  const text = formatPoints(rate, decimals);
  return text === none ? none : `${text} %`;
};

/** `84.0–88.2`; empty without an interval. */
export const formatPointsInterval = (interval: Interval | null | undefined): string =>
  interval === null || interval === undefined
    ? ''
    : `${formatPoints(interval[0])}${interval[0] < 0 ? ' to ' : '–'}${formatPoints(interval[1])}`;

/** `+1.2`, `−86.1`: a difference of rates in points. */
export function formatPointsDifference(difference: number | null | undefined): string {
  const text = formatPoints(difference);
  return (difference ?? 0) > 0 && Number(text) !== 0 ? `+${text}` : text;
}
