import type { Interval } from '../summary.ts';
import { html, type Markup, named } from './markup.ts';
import type { Scale } from './scale.ts';

export interface IntervalMark {
  readonly value: number | null;
  readonly interval: Interval | null;
  /** Which of the run colours, from 0. */
  readonly series?: number;
}

export interface IntervalRow {
  readonly label: string;
  readonly marks: readonly IntervalMark[];
  /** Right of the drawing: the figure in words. */
  readonly text: Markup;
  /** For who cannot see the drawing. */
  readonly description: string;
  readonly kind?: 'heading' | 'row';
}

/** Dots with whiskers, one row a figure, over a common axis. */
export function intervalFigure(options: {
  readonly title: string;
  readonly note?: Markup | string | undefined;
  readonly scale: Scale;
  readonly rows: readonly IntervalRow[];
  /** Draws a line at this value: no difference. */
  readonly reference?: number | undefined;
}): Markup {
  const { scale, rows, reference } = options;
  return html`<figure class="intervals">
    <figcaption><strong>${options.title}</strong> ${options.note}</figcaption>
    ${axis(scale)}
    ${rows.map(
      (row) =>
        html`<div class="interval-row ${row.kind ?? 'row'}">
          <span class="label">${named(row.label)}</span>
          <span class="figure-text">${row.text}</span>
          ${track(row, scale, reference)}
        </div>`,
    )}
  </figure>`;
}

const rowHeight = 22;
const seriesGap = 10;

/** One row's drawing. Positions are percentages, so dots stay round at any width. */
export function track(row: Pick<IntervalRow, 'marks' | 'description'>, scale: Scale, reference?: number): Markup {
  const height = rowHeight + seriesGap * (Math.max(1, row.marks.length) - 1);
  const first = height / 2 - (seriesGap * (row.marks.length - 1)) / 2;
  return html`<svg class="track" role="img" aria-label="${row.description}" width="100%" height="${height}">
    <title>${row.description}</title>
    ${scale.ticks.map(({ at }) => html`<line class="grid" x1="${at}%" x2="${at}%" y1="0" y2="${height}" />`)}
    ${reference !== undefined && html`<line class="reference" x1="${scale.position(reference)}%" x2="${scale.position(reference)}%" y1="0" y2="${height}" />`}
    ${row.marks.map((mark, i) => markOf(mark, scale, first + i * seriesGap))}
  </svg>`;
}

function markOf({ value, interval, series = 0 }: IntervalMark, scale: Scale, y: number): Markup {
  if (value === null) return html``;
  const at = scale.position(value);
  const ends = interval?.map((end) => scale.position(end));
  return html`<g class="series-${series % 6}">
    ${ends && html`<line class="whisker" x1="${ends[0]}%" x2="${ends[1]}%" y1="${y}" y2="${y}" />`}
    <circle class="dot" cx="${at}%" cy="${y}" r="4.5" />
  </g>`;
}

function axis(scale: Scale): Markup {
  return html`<div class="interval-row axis" aria-hidden="true">
    <span class="label"></span><span class="figure-text"></span>
    <svg class="track" width="100%" height="18">
      ${scale.ticks.map(({ at, label }, i) => {
        const anchor = i === 0 && at < 6 ? 'start' : i === scale.ticks.length - 1 && at > 94 ? 'end' : 'middle';
        return html`<text x="${at}%" y="13" text-anchor="${anchor}">${label}</text>`;
      })}
    </svg>
  </div>`;
}
