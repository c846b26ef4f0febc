import { html, type Markup, named } from '../html/markup.ts';
import { plainTable } from '../html/plain-table.ts';
import { publishedOf, sourcesOf, targetCount } from './arm-rows.ts';
import type { UnlearningExperiment } from './experiment.ts';
import { formatPoints, formatPointsInterval } from './format-rate.ts';
import type { SeedFigure } from './seed-figure.ts';
import type { ArmsSummary, ArmSummary } from './summarize-arms.ts';

/** A figure in percent with its interval beside it. */
export const figureCell = (figure: SeedFigure | null, format = formatPoints): Markup =>
  figure === null
    ? html`—`
    : html`<b>${format(figure.mean)}</b>
        <span class="interval"
          >${figure.interval === null ? '' : format === formatPoints ? formatPointsInterval(figure.interval) : figure.interval.map((end) => format(end)).join(' to ')}</span
        >`;

/** Rows of arms with their figures; the paper's stand beside those that it prints. */
export function armTable(
  experiment: UnlearningExperiment,
  summary: ArmsSummary,
  rows: readonly ArmSummary[],
  caption: string,
): Markup {
  const paper = rows.some((row) => publishedOf(experiment, row) !== null);
  const number = (title: string) => ({ title, number: true });
  return html`${plainTable(
    caption,
    [
      { title: 'Arm' },
      number('Forget, %'),
      number('Retain, %'),
      ...(paper ? [number('Published')] : []),
      number('Retain kept, %'),
      number('Targets held'),
    ],
    rows.map((row) => {
      const { arm, figures } = row;
      const count = targetCount(row);
      const published = publishedOf(experiment, row);
      const untouched = arm.role === 'original';
      return {
        ...(row === summary.method && { kind: 'group' as const }),
        cells: [
          named(arm.title),
          figureCell(figures.forget),
          figureCell(figures.retain),
          ...(paper
            ? [published === null ? '' : `${published.forget.toFixed(2)} / ${published.retain.toFixed(2)}`]
            : []),
          untouched ? '' : figureCell(figures.retainKept),
          count === null ? '' : `${count.held} of ${count.of}`,
        ],
      };
    }),
  )}
  ${paper && html`<p class="muted small">Published, forget / retain in percent: ${named(sourcesOf(experiment).join('; '), 400)}. Another model and another split, so beside ours, not against it.</p>`}`;
}
