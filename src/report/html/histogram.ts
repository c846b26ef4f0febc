import { scaleLog } from 'd3-scale';
import { formatCompact, formatInteger } from '../format.ts';
import { html, type Markup } from './markup.ts';

const perDecade = 8;
const decades = 9;

/** Counts over logarithmic bins from 1 to 10⁹; what is below 1 falls into the first. */
export class LogHistogram {
  readonly counts = new Float64Array(perDecade * decades);
  total = 0;

  add(value: number): void {
    if (!(value > 0)) return;
    const bin = Math.floor(Math.log10(Math.max(1, value)) * perDecade);
    const index = Math.min(this.counts.length - 1, bin);
    this.counts[index] = (this.counts[index] as number) + 1;
    this.total++;
  }
}

const edge = (bin: number): number => 10 ** (bin / perDecade);

/** Bars of a histogram with a logarithmic axis, and lines at the median and the ninth decile. */
export function histogramFigure(options: {
  readonly title: string;
  readonly histogram: LogHistogram;
  readonly format?: (value: number) => string;
  readonly p50: number;
  readonly p90: number;
}): Markup {
  const { histogram, format = formatCompact } = options;
  const { counts } = histogram;
  const low = counts.findIndex((count) => count > 0);
  const high = counts.findLastIndex((count) => count > 0);
  const scale = scaleLog()
    .domain([edge(low), edge(high + 1)])
    .range([2, 98]);
  const at = (value: number): number => Math.round(scale(value) * 100) / 100;
  const highest = Math.max(...counts);
  const base = 112;
  const bars = Array.from(counts.subarray(low, high + 1), (count, i) => {
    const left = at(edge(low + i));
    const width = Math.max(0.2, at(edge(low + i + 1)) - left - 0.3);
    const height = Math.round((96 * count) / highest);
    return html`<rect class="bar" x="${left}%" y="${base - height}" width="${width.toFixed(2)}%" height="${height}"
      ><title>${format(edge(low + i))} to ${format(edge(low + i + 1))}: ${formatInteger(count)}</title></rect
    >`;
  });
  const isShown = (value: number): boolean => value >= edge(low) && value <= edge(high + 1);
  const ticks = thin(distinct(scale.ticks(5).filter(isShown), format));
  const description = `${options.title}: median ${format(options.p50)}, ninth decile ${format(options.p90)}, ${formatInteger(histogram.total)} samples`;
  return html`<figure class="histogram">
    <figcaption>
      <strong>${options.title}</strong> median ${format(options.p50)}, 90 % below ${format(options.p90)}
    </figcaption>
    <svg role="img" aria-label="${description}" width="100%" height="134">
      <title>${description}</title>
      ${bars}
      <line class="axis-line" x1="2%" x2="98%" y1="${base + 0.5}" y2="${base + 0.5}" />
      ${[options.p50, options.p90].filter(isShown).map((value) => html`<line class="reference" x1="${at(value)}%" x2="${at(value)}%" y1="8" y2="${base}" />`)}
      ${ticks.map((value) => html`<text x="${at(value)}%" y="129" text-anchor="middle">${format(value)}</text>`)}
    </svg>
  </figure>`;
}

/** Of ticks that are written alike, the first. */
function distinct(ticks: readonly number[], format: (value: number) => string): readonly number[] {
  return ticks.filter((tick, i) => ticks.findIndex((other) => format(other) === format(tick)) === i);
}

/** At most six ticks: those of the decades first. */
function thin(ticks: readonly number[]): readonly number[] {
  if (ticks.length <= 6) return ticks;
  for (const leading of [[1, 2, 5], [1, 3], [1]]) {
    const kept = ticks.filter((tick) => leading.includes(Math.round(tick / 10 ** Math.floor(Math.log10(tick) + 1e-9))));
    if (kept.length <= 6) return kept;
  }
  return ticks.filter((_, i) => i % Math.ceil(ticks.length / 5) === 0);
}
