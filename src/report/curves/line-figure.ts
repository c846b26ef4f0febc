import { scaleLinear } from 'd3-scale';
import { formatCompact } from '../format.ts';
import { html, type Markup, named } from '../html/markup.ts';
import { shortName } from '../html/visible-text.ts';

export interface CurvePoint {
  readonly step: number;
  /** Null where the number was not finite: the line has a gap. */
  readonly value: number | null;
}

export interface Curve {
  readonly name: string;
  /** A class of the style sheet that says the colour. */
  readonly colour: string;
  readonly points: readonly CurvePoint[];
  /** Thin lines are single runs behind a mean. */
  readonly thin?: boolean;
  /** Marks the value at this step: the weights that were kept. */
  readonly keptStep?: number | null;
}

const height = 130;
const top = 6;
const mostPoints = 120;

/** Means of runs of neighbouring points, so that a page does not grow with the number of steps. */
export function thinOut(points: readonly CurvePoint[], most = mostPoints): CurvePoint[] {
  if (points.length <= most) return [...points];
  const size = Math.ceil(points.length / most);
  const thinned: CurvePoint[] = [];
  for (let i = 0; i < points.length; i += size) {
    const bucket = points.slice(i, i + size);
    const values = bucket.flatMap(({ value }) => (value === null || !Number.isFinite(value) ? [] : value));
    thinned.push({
      step: (bucket.at(-1) as CurvePoint).step,
      value: values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length,
    });
  }
  return thinned;
}

/** The mean of several curves at every step that any of them has. */
export function meanCurve(curves: readonly (readonly CurvePoint[])[]): CurvePoint[] {
  const byStep = new Map<number, number[]>();
  for (const points of curves) {
    for (const { step, value } of points) {
      const values = byStep.get(step) ?? [];
      if (value !== null && Number.isFinite(value)) values.push(value);
      byStep.set(step, values);
    }
  }
  return [...byStep]
    .toSorted(([a], [b]) => a - b)
    .map(([step, values]) => ({
      step,
      value: values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length,
    }));
}

/** Lines over training steps. Null without a finite point. `domain` fixes the vertical axis. */
export function lineFigure(options: {
  readonly title: string;
  readonly note?: Markup | string;
  readonly curves: readonly Curve[];
  readonly domain?: readonly [number, number];
  readonly format?: (value: number) => string;
}): Markup | null {
  const curves = options.curves.map((curve) => ({ ...curve, points: thinOut(curve.points) }));
  const points = curves.flatMap((curve) => curve.points);
  const values = points.flatMap(({ value }) => (value === null || !Number.isFinite(value) ? [] : value));
  if (values.length === 0) return null;
  const lastStep = Math.max(1, ...points.map(({ step }) => step));
  const x = scaleLinear().domain([0, lastStep]).range([0, 100]);
  const y = scaleLinear()
    .domain(options.domain ?? spread(Math.min(...values), Math.max(...values)))
    .range([height, top]);
  if (options.domain === undefined) y.nice(4);
  const format = options.format ?? y.tickFormat(4);
  const yTicks = y.ticks(4);
  const xTicks = x.ticks(4).filter((step) => Number.isInteger(step));
  const bold = curves.filter(({ thin }) => thin !== true);
  const description = `${shortName(options.title, 80)}: ${bold.map((curve) => describe(curve, format)).join('; ')}`;
  return html`<figure class="curves">
    <figcaption><strong>${named(options.title, 80)}</strong> ${options.note}</figcaption>
    <div class="plot">
      <svg class="y-axis" width="100%" height="${height + 22}" aria-hidden="true">
        ${yTicks.map((tick) => html`<text x="100%" y="${(y(tick) + 4).toFixed(1)}" text-anchor="end">${format(tick)}</text>`)}
      </svg>
      <svg role="img" aria-label="${description}" width="100%" height="${height + 22}">
        <title>${description}</title>
        ${yTicks.map((tick) => html`<line class="grid" x1="0" x2="100%" y1="${y(tick).toFixed(1)}" y2="${y(tick).toFixed(1)}" />`)}
        <svg
          class="lines"
          x="0"
          y="0"
          width="100%"
          height="${height}"
          viewBox="0 0 100 ${height}"
          preserveAspectRatio="none"
        >
          ${curves.map((curve) => html`<path class="curve ${curve.colour}${curve.thin === true ? ' thin' : ''}" d="${pathOf(curve.points, x, y)}" />`)}
        </svg>
        ${curves.map((curve) => keptDot(curve, x, y))}
        ${xTicks.map((tick, i) => html`<text x="${x(tick).toFixed(2)}%" y="${height + 17}" text-anchor="${i === 0 ? 'start' : x(tick) > 92 ? 'end' : 'middle'}">${formatCompact(tick)}</text>`)}
      </svg>
    </div>
  </figure>`;
}

/** A flat curve needs an axis with some height. */
const spread = (low: number, high: number): [number, number] => {
  const least = Math.max(1e-9, Math.abs(high) * 1e-3);
  return high - low < least ? [low - least, high + least] : [low, high];
};

function pathOf(points: readonly CurvePoint[], x: (value: number) => number, y: (value: number) => number): string {
  let path = '';
  let drawing = false;
  for (const { step, value } of points) {
    if (value === null || !Number.isFinite(value)) {
      drawing = false;
      continue;
    }
    path += `${drawing ? 'L' : 'M'}${x(step).toFixed(2)} ${y(value).toFixed(1)}`;
    drawing = true;
  }
  return path;
}

function keptDot(
  { keptStep, points, colour }: Curve,
  x: (value: number) => number,
  y: (value: number) => number,
): Markup | null {
  if (keptStep === undefined || keptStep === null) return null;
  const found = points.find(({ step, value }) => step >= keptStep && value !== null);
  if (found === undefined || found.value === null) return null;
  return html`<circle
    class="kept ${colour}"
    cx="${x(found.step).toFixed(2)}%"
    cy="${y(found.value).toFixed(1)}"
    r="3"
  />`;
}

function describe({ name, points }: Curve, format: (value: number) => string): string {
  const finite = points.flatMap(({ value }) => (value === null || !Number.isFinite(value) ? [] : value));
  const [first, last] = [finite[0], finite.at(-1)];
  if (first === undefined || last === undefined) return `${shortName(name, 40)} has no finite value`;
  return `${shortName(name, 40)} from ${format(first)} to ${format(last)}`;
}
