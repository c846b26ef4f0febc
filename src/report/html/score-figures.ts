import { formatScore } from '../format.ts';
import type { RunForReport } from '../run-for-report.ts';
import type { Figure } from '../summary.ts';
import { intervalFigure, type IntervalRow } from './interval-figure.ts';
import { html, type Markup } from './markup.ts';
import { shortName } from './visible-text.ts';
import { scoreScale, type Scale } from './scale.ts';
import { intervalText } from './task-table.ts';

type Figures = readonly (Figure | undefined)[];

/** Every task's score with its interval, under its group; with several runs one dot each. */
export function taskFigure(runs: readonly RunForReport[]): Markup {
  const [first] = runs;
  if (first === undefined) return html``;
  const { groupBy } = first.summary;
  const tasks = [...new Set(runs.flatMap(({ summary }) => Object.keys(summary.tasks)))];
  const of = (name: string): Figures => runs.map(({ summary }) => own(summary.tasks, name));
  const labelOf = (name: string): string | undefined =>
    groupBy === undefined
      ? undefined
      : runs.map(({ summary }) => own(summary.tasks, name)?.labels[groupBy]).find(Boolean);
  const rows: IntervalRow[] = [];
  const grouped = new Set<string>();
  for (const group of new Set(runs.flatMap(({ summary }) => Object.keys(summary.groupDetails)))) {
    rows.push(
      rowOf(
        group,
        runs.map(({ summary }) => own(summary.groupDetails, group)),
        'heading',
      ),
    );
    for (const name of tasks.filter((task) => labelOf(task) === group)) {
      grouped.add(name);
      rows.push(rowOf(name, of(name)));
    }
  }
  for (const name of tasks) if (!grouped.has(name)) rows.push(rowOf(name, of(name)));
  if (tasks.length > 1)
    rows.push(
      rowOf(
        'overall',
        runs.map(({ summary }) => summary.overallDetail),
        'heading',
      ),
    );
  return intervalFigure({
    title: 'Score by task.',
    note: 'Dots are scores, lines their 95 % intervals.',
    scale: scaleOf(runs.flatMap(({ summary }) => [...Object.values(summary.tasks), summary.overallDetail])),
    rows,
  });
}

/** One small figure for each label that samples differ in, apart from the one the table is grouped by. */
export function breakdownFigures(runs: readonly RunForReport[]): Markup[] {
  const [first] = runs;
  if (first === undefined) return [];
  const keys = [...new Set(runs.flatMap(({ summary }) => Object.keys(summary.breakdowns)))].filter(
    (key) => key !== first.summary.groupBy,
  );
  return keys.flatMap((key) => {
    const values = [...new Set(runs.flatMap(({ summary }) => Object.keys(own(summary.breakdowns, key) ?? {})))];
    const of = (value: string): Figures => runs.map(({ summary }) => own(own(summary.breakdowns, key) ?? {}, value));
    if (values.length < 2) return [];
    return [
      intervalFigure({
        title: `By ${shortName(key, 60)}.`,
        scale: scaleOf(values.flatMap(of), 2),
        rows: values
          .toSorted((a, b) => total(of(b)) - total(of(a)))
          .map((value) => rowOf(value, of(value), 'row', true)),
      }),
    ];
  });
}

function rowOf(label: string, figures: Figures, kind: 'heading' | 'row' = 'row', withCount = false): IntervalRow {
  const single = figures.length === 1 ? figures[0] : undefined;
  const text = single
    ? html`<b>${formatScore(single.score)}</b>
        <span class="muted">${withCount ? `n = ${single.n}` : intervalText(single)}</span>`
    : html`${figures.map((figure, i) => html`<b class="series-${i % 6}">${formatScore(figure?.score)}</b> `)}`;
  const described = figures.map((figure) =>
    figure?.score === null || figure === undefined
      ? 'no score'
      : `${formatScore(figure.score)}${figure.interval ? `, 95 % interval ${intervalText(figure)}` : ''}`,
  );
  return {
    label,
    kind,
    text,
    description: `${shortName(label)}: ${described.join('; ')}`,
    marks: figures.map((figure, series) => ({
      value: figure?.score ?? null,
      interval: figure?.interval ?? null,
      series,
    })),
  };
}

const scaleOf = (figures: Figures, tickCount = 5): Scale =>
  scoreScale(
    figures.flatMap((figure) => (figure === undefined ? [] : [figure.score ?? 0, ...(figure.interval ?? [])])),
    tickCount,
  );

const total = (figures: Figures): number => figures.reduce((sum, figure) => sum + (figure?.n ?? 0), 0);

/** Names come from data: `constructor` must not find what every object inherits. */
function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
