import { scaleLinear } from 'd3-scale';

/** Where values lie across a figure, in percent of its width, so that one drawing fits paper, desk and phone. */
export interface Scale {
  position(value: number): number;
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
}

/** Room at both ends for a dot and half a label, in percent. */
const margin = 2;

/** 0 to 1 where all values lie there, else a range of round numbers that holds them and 0. */
export function scoreScale(values: readonly number[], tickCount = 5): Scale {
  const finite = values.filter((value) => Number.isFinite(value));
  const outside = finite.some((value) => value < 0 || value > 1 + 1e-9);
  return linearScale(outside ? [Math.min(0, ...finite), Math.max(1, ...finite)] : [0, 1], tickCount);
}

/** Symmetric around 0, for differences. */
export function differenceScale(values: readonly number[]): Scale {
  const reach = Math.max(0.1, ...values.filter((value) => Number.isFinite(value)).map(Math.abs));
  return linearScale([-reach, reach], 5, (value) => (value > 0 ? '+' : value < 0 ? '−' : ''));
}

function linearScale(
  domain: readonly [number, number],
  tickCount: number,
  sign = (value: number): string => (value < 0 ? '−' : ''),
): Scale {
  const scale = scaleLinear()
    .domain(domain)
    .nice(5)
    .range([margin, 100 - margin]);
  const format = scale.tickFormat(tickCount);
  return {
    position: (value) => round(scale(value)),
    ticks: scale.ticks(tickCount).map((value) => ({
      at: round(scale(value)),
      label: sign(value) + format(Math.abs(value)),
    })),
  };
}

const round = (percent: number): number => Math.round(percent * 100) / 100;
