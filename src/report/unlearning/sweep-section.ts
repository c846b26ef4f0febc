import { scaleLinear } from 'd3-scale';
import { html, type Markup } from '../html/markup.ts';
import { armTable } from './arm-table-section.ts';
import type { LossModule, UnlearningExperiment } from './experiment.ts';
import { formatPoints, formatRate } from './format-rate.ts';
import { placeLabels } from './place-labels.ts';
import type { ArmsSummary, ArmSummary } from './summarize-arms.ts';
import { sweepPoints } from './sweep-points.ts';

const colours = { forgetting: 'series-1', retention: 'series-0', consistency: 'series-3' } as const;
/** λ2, λ1 and λ3 in the paper. */
const symbols = { forgetting: 'λ2', retention: 'λ1', consistency: 'λ3' } as const;

interface Mark {
  readonly weight: number;
  /** Of the recipe itself. */
  readonly own: boolean;
  readonly forget: number;
  readonly retain: number;
}

/** Forgetting against utility over each loss weight that was swept. Null where none was. */
export function sweepSection(experiment: UnlearningExperiment, summary: ArmsSummary): Markup | null {
  if (summary.sweep.length === 0) return null;
  const rows = new Map<string, ArmSummary>(
    [...summary.arms, ...summary.sweep].map((row) => [row.arm.name, row] as const),
  );
  const marks = Map.groupBy(sweepPoints(experiment), ({ module }) => module);
  const panels = [...marks].flatMap(([module, points]) => {
    const drawn = points.flatMap(({ weight, arm, own }): Mark[] => {
      const { forget = null, retain = null } = rows.get(arm)?.figures ?? {};
      return forget === null || retain === null ? [] : [{ weight, own, forget: forget.mean, retain: retain.mean }];
    });
    return drawn.length === 0 ? [] : [panel(module, drawn, summary)];
  });
  return html`<section>
    <h2>Sweep of the loss weights</h2>
    <p class="lead">
      One weight of CLIPErase changed, the others as in the recipe (ring). The nearer to the upper left, the better;
      dashed lines cross at the model trained without the forget set.
    </p>
    <div class="panels">${panels}</div>
    ${armTable(experiment, summary, [...(summary.method === null ? [] : [summary.method]), ...summary.sweep], 'CLIPErase over its loss weights')}
  </section>`;
}

const [width, height, left, top] = [320, 280, 40, 24];
const [right, bottom] = [width - 10, height - 40];

function panel(module: LossModule, marks: readonly Mark[], { goldStandard, measure }: ArmsSummary): Markup {
  const gold = goldStandard?.figures;
  const forgets = [...marks.map(({ forget }) => forget), ...(gold?.forget ? [gold.forget.mean] : [])];
  const retains = [...marks.map(({ retain }) => retain), ...(gold?.retain ? [gold.retain.mean] : [])];
  const [low, high] = [Math.min(...retains), Math.max(...retains)];
  const pad = Math.max(0.01, (high - low) * 0.1);
  const most = Math.max(0.02, ...forgets) * 1.08;
  const x = scaleLinear([0, most], [left + 8, right]);
  const y = scaleLinear([Math.max(0, low - pad), Math.min(1, high + pad)], [bottom, top]);
  const at = (value: number): string => value.toFixed(1);
  const names = marks.map(({ weight }) => String(weight));
  const labels = placeLabels(
    marks.map(({ forget, retain }, i) => ({ x: x(forget), y: y(retain), width: 7 * (names[i] as string).length })),
    { x: left + 2, y: top, width: right - left - 2, height: bottom - top },
  );
  const words = marks.map(
    ({ weight, forget, retain }) => `weight ${weight}: ${formatRate(forget)}, ${formatRate(retain)}`,
  );
  const description = `Forget and retain ${measure.short} over the ${module} weight: ${words.join('; ')}`;
  const path = marks.map(({ forget, retain }, i) => `${i === 0 ? 'M' : 'L'}${at(x(forget))} ${at(y(retain))}`).join('');
  return html`<figure class="sweep">
    <figcaption><strong>${module} weight</strong> (${symbols[module]} of the paper)</figcaption>
    <svg role="img" aria-label="${description}" viewBox="0 0 ${width} ${height}" width="100%">
      <title>${description}</title>
      ${y.ticks(5).map((tick) => html`<line class="grid" x1="${left}" x2="${right}" y1="${at(y(tick))}" y2="${at(y(tick))}" /><text x="${left - 5}" y="${at(y(tick) + 4)}" text-anchor="end">${formatPoints(tick, high - low < 0.04 ? 1 : 0)}</text>`)}
      ${x.ticks(4).map((tick) => html`<line class="grid" x1="${at(x(tick))}" x2="${at(x(tick))}" y1="${top}" y2="${bottom}" /><text x="${at(x(tick))}" y="${bottom + 16}" text-anchor="middle">${formatPoints(tick, most < 0.06 ? 1 : 0)}</text>`)}
      ${gold?.retain && html`<line class="reference" x1="${left}" x2="${right}" y1="${at(y(gold.retain.mean))}" y2="${at(y(gold.retain.mean))}" />`}
      ${gold?.forget && html`<line class="reference" x1="${at(x(gold.forget.mean))}" x2="${at(x(gold.forget.mean))}" y1="${top}" y2="${bottom}" />`}
      <text x="${right}" y="${bottom + 33}" text-anchor="end">forget ${measure.short}, %</text>
      <text x="${right}" y="${top - 9}" text-anchor="end">↑ retain ${measure.short}, %</text>
      <g class="${colours[module]}">
        <path d="${path}" />
        ${marks.map(({ forget, retain, own }, i) => html`<circle class="${own ? 'own' : ''}" cx="${at(x(forget))}" cy="${at(y(retain))}" r="${own ? 6 : 4}" /><text x="${at(labels[i]?.x ?? 0)}" y="${at((labels[i]?.y ?? 0) + 4)}">${names[i]}</text>`)}
      </g>
    </svg>
  </figure>`;
}
