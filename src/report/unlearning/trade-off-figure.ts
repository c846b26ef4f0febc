import { scaleLinear } from 'd3-scale';
import stringWidth from 'string-width';
import { mean } from '../../metrics/index.ts';
import { html, type Markup } from '../html/markup.ts';
import { shortName, visibleText } from '../html/visible-text.ts';
import { formatPoints, formatRate } from './format-rate.ts';
import { placeLabels } from './place-labels.ts';
import type { SeedFigure } from './seed-figure.ts';
import type { ArmsSummary, ArmSummary } from './summarize-arms.ts';

const colours = {
  original: 'series-ink',
  ablation: 'series-0',
  method: 'series-1',
  baseline: 'series-4',
  sweep: 'series-3',
  'gold-standard': 'series-2',
} as const;

interface Mark {
  readonly row: ArmSummary;
  readonly forget: number;
  readonly retain: number;
  readonly seeds: readonly { readonly forget: number; readonly retain: number }[];
}

/** Forgetting across, utility upwards: every arm a mark, its seeds small points. Null without figures. */
export function tradeOffFigure(summary: ArmsSummary): Markup | null {
  const marks = summary.arms.flatMap((row): Mark[] => {
    const { forget, retain } = row.figures;
    return forget === null || retain === null
      ? []
      : [{ row, forget: forget.mean, retain: retain.mean, seeds: seedPoints(forget, retain) }];
  });
  if (marks.length === 0) return null;
  const words = marks.map(
    ({ row, forget, retain }) => `${shortName(row.arm.title, 40)}: ${formatRate(forget)}, ${formatRate(retain)}`,
  );
  const description = `Forget and retain ${summary.measure.short}: ${words.join('; ')}`;
  return html`<figure class="trade-off">
    <figcaption>
      <strong>Forgetting against utility.</strong> Means over concepts and seeds; small points are seeds. The corner at
      the upper left is ideal; the shaded part holds the targets; dashed lines cross at the model trained without the
      forget set.
    </figcaption>
    ${drawing(summary, marks, description, 'wide', 1036, 440)}
    ${drawing(summary, marks, description, 'narrow', 330, 400)}
    <ul class="legend">
      ${(['original', 'ablation', 'method', 'baseline', 'gold-standard'] as const).map(
        (role) =>
          marks.some(({ row }) => row.arm.role === role) &&
          html`<li><span class="swatch ${colours[role]}"></span>${role.replace('-', ' ')}</li>`,
      )}
    </ul>
  </figure>`;
}

function seedPoints(forget: SeedFigure, retain: SeedFigure): Mark['seeds'] {
  const bySeed = (figure: SeedFigure): Map<number, number> =>
    new Map(
      [...Map.groupBy(figure.values, ({ seed }) => seed)].map(([seed, values]) => [
        seed,
        mean(values.map(({ value }) => value)),
      ]),
    );
  const retains = bySeed(retain);
  return [...bySeed(forget)].flatMap(([seed, value]) => {
    const other = retains.get(seed);
    return other === undefined ? [] : [{ forget: value, retain: other }];
  });
}

const left = 46;
const top = 24;

/** One drawing at a fixed size, so that labels can be kept apart; the style sheet shows the one that fits. */
function drawing(
  summary: ArmsSummary,
  marks: readonly Mark[],
  description: string,
  kind: 'wide' | 'narrow',
  width: number,
  height: number,
): Markup {
  const points = marks.flatMap((mark) => [mark, ...mark.seeds]);
  const most = Math.max(0.05, ...points.map(({ forget }) => forget));
  const low = Math.min(...points.map(({ retain }) => retain));
  const high = Math.max(...points.map(({ retain }) => retain));
  const pad = Math.max(0.01, (high - low) * 0.08);
  const [right, bottom] = [width - 8, height - 44];
  const x = scaleLinear()
    .domain([0, most * 1.05])
    .range([left + 8, right]);
  const y = scaleLinear()
    .domain([Math.max(0, low - pad), Math.min(1, high + pad)])
    .range([bottom, top]);
  const at = (value: number): string => value.toFixed(1);
  const ordered = marks.toSorted((a, b) => rank(a) - rank(b));
  const names = ordered.map(({ row }) => visibleText(shortName(row.arm.title, kind === 'wide' ? 36 : 22)));
  const labels = placeLabels(
    ordered.map(({ forget, retain }, i) => ({
      x: x(forget),
      y: y(retain),
      width: 7 * stringWidth(names[i] as string),
    })),
    { x: left + 2, y: top, width: right - left - 2, height: bottom - top },
  );
  const gold = marks.find(({ row }) => row.arm.role === 'gold-standard');
  const before = summary.original?.figures.retain?.mean;
  const floor = before === undefined ? undefined : Math.min(bottom, y(before * summary.targets.retainKeptAtLeast));
  const ticks = kind === 'wide' ? 8 : 4;
  return html`<svg class="${kind}" role="img" aria-label="${description}" width="${width}" height="${height}">
    <title>${description}</title>
    ${floor !== undefined && floor > top && html`<rect class="target" x="${left}" y="${top}" width="${at(Math.min(right, x(summary.targets.forgetAtMost)) - left)}" height="${at(floor - top)}" />`}
    ${y.ticks(6).map((tick) => html`<line class="grid" x1="${left}" x2="${right}" y1="${at(y(tick))}" y2="${at(y(tick))}" /><text x="${left - 6}" y="${at(y(tick) + 4)}" text-anchor="end">${formatPoints(tick, 0)}</text>`)}
    ${x.ticks(ticks).map((tick) => html`<line class="grid" x1="${at(x(tick))}" x2="${at(x(tick))}" y1="${top}" y2="${bottom}" /><text x="${at(x(tick))}" y="${bottom + 17}" text-anchor="middle">${formatPoints(tick, most < 0.06 ? 1 : 0)}</text>`)}
    ${
      gold &&
      html`<line class="reference" x1="${left}" x2="${right}" y1="${at(y(gold.retain))}" y2="${at(y(gold.retain))}" />
        <line class="reference" x1="${at(x(gold.forget))}" x2="${at(x(gold.forget))}" y1="${top}" y2="${bottom}" />`
    }
    <path class="ideal" d="M${left} ${top + 14}V${top}H${left + 14}" />
    <text x="${left + 2}" y="${top - 9}">ideal</text>
    <text x="${right}" y="${bottom + 36}" text-anchor="end">forget ${summary.measure.short}, % (less is better)</text>
    <text x="${right}" y="${top - 9}" text-anchor="end">↑ retain ${summary.measure.short}, %</text>
    ${ordered.map(({ row, seeds }) => html`<g class="${colours[row.arm.role]}">${seeds.map((seed) => html`<circle class="seed" cx="${at(x(seed.forget))}" cy="${at(y(seed.retain))}" r="2.5" />`)}</g>`)}
    ${ordered.map(({ row, forget, retain }, i) => {
      const label = labels[i] as { x: number; y: number; far: boolean };
      const end = label.x > x(forget) ? label.x - 2 : label.x + 7 * stringWidth(names[i] as string) + 2;
      return html`<g class="${colours[row.arm.role]} arm ${row.arm.role}">
        ${label.far && html`<line class="leader" x1="${at(x(forget))}" y1="${at(y(retain))}" x2="${at(Math.abs(end - x(forget)) > 40 ? x(forget) : end)}" y2="${at(label.y)}" />`}
        <circle class="dot" cx="${at(x(forget))}" cy="${at(y(retain))}" r="${radius[row.arm.role]}" />
        <text x="${at(label.x)}" y="${at(label.y + 4)}">${names[i]}</text>
      </g>`;
    })}
  </svg>`;
}

/** The retrained model is a ring around whatever reaches it. */
const radius = { original: 5, ablation: 5, method: 6, baseline: 5, sweep: 4, 'gold-standard': 10 } as const;
const order = ['method', 'original', 'gold-standard', 'ablation', 'baseline', 'sweep'];
const rank = ({ row }: Mark): number => order.indexOf(row.arm.role);
