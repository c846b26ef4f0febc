/** `0.750`; fewer decimals for scales beyond 10; an em dash where there is no number. */
export function formatScore(value: number | null | undefined, none = '—'): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return none;
  const magnitude = Math.abs(value);
  const text = value.toFixed(magnitude < 10 ? 3 : magnitude < 1000 ? 1 : 0);
  return Number(text) === 0 ? text.replace('-', '') : text;
}

/** `12.5 %`, without decimals when whole or below a tenth of a percent apart. */
export function formatPercent(rate: number | null | undefined, none = '—'): string {
  if (rate === null || rate === undefined || !Number.isFinite(rate)) return none;
  const percent = rate * 100;
  const text = percent.toFixed(1);
  return `${text.endsWith('.0') ? text.slice(0, -2) : text} %`;
}

const integers = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** `12,345`. */
export const formatInteger = (value: number): string => integers.format(value);

/** `950`, `12.3k`, `4.56M`: at most six characters below a trillion. */
export function formatCompact(value: number): string {
  if (value < 10_000) return String(Math.round(value));
  for (const [unit, size] of [
    ['k', 1e3],
    ['M', 1e6],
    ['G', 1e9],
  ] as const) {
    if (value < size * 999.5 || unit === 'G') {
      const scaled = value / size;
      return `${scaled.toFixed(scaled < 10 ? 2 : scaled < 100 ? 1 : 0)}${unit}`;
    }
  }
  return String(value);
}

/** `0.8 s`, `34 s`, `2 min 05 s`, `3 h 12 min`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 120) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 120) return `${minutes} min ${String(whole % 60).padStart(2, '0')} s`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

/** Money in the unit of the price list: four decimals below 1, else two. */
export const formatCost = (cost: number): string => cost.toFixed(Math.abs(cost) < 1 ? 4 : 2);

/** `1 sample`, `3 samples`. */
export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${formatInteger(count)} ${count === 1 ? one : many}`;

/** `+0.042`, `−0.100`, `0.000`. */
export function formatDifference(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '—';
  const text = formatScore(Math.abs(value));
  return Number(text) === 0 ? text : `${value < 0 ? '−' : '+'}${text}`;
}

/** `0.034`, `<0.001`. */
export function formatP(p: number | null | undefined): string {
  if (p === null || p === undefined) return '—';
  return p < 0.001 ? '<0.001' : p.toFixed(3);
}
