import { mean } from '../../metrics/index.ts';
import { formatInteger, formatSeconds } from '../format.ts';
import { html, type Markup, type MarkupValue, named } from '../html/markup.ts';
import { plainTable } from '../html/plain-table.ts';
import { figureCell } from './arm-table-section.ts';
import type { ModelMeasures } from './experiment.ts';
import { formatBytes } from './format-bytes.ts';
import { formatPoints, formatPointsDifference } from './format-rate.ts';
import { membershipNote } from './membership-note.ts';
import type { SeedFigure } from './seed-figure.ts';
import type { ArmsSummary, ArmSummary, FigureName } from './summarize-arms.ts';

interface MeasureColumn {
  readonly title: string;
  readonly of: (row: ArmSummary) => MarkupValue;
}

/** One row an arm; columns that no arm fills are left out. Null where none is filled. */
function measureTable(caption: string, rows: readonly ArmSummary[], columns: readonly MeasureColumn[]): Markup | null {
  const cells = columns.map(({ of }) => rows.map(of));
  const filled = columns.map((_, i) => cells[i]?.some((cell) => cell !== null) ?? false);
  if (!filled.includes(true)) return null;
  const kept = <T>(list: readonly T[]): T[] => list.filter((_, i) => filled[i]);
  return plainTable(
    caption,
    [{ title: 'Arm' }, ...kept(columns).map(({ title }) => ({ title, number: true }))],
    rows.map(({ arm }, i) => ({
      ...(arm.role === 'method' && { kind: 'group' as const }),
      cells: [named(arm.title), ...kept(cells).map((column) => column[i] ?? '—')],
    })),
  );
}

const decimals = (value: number | null | undefined): string =>
  value === null || value === undefined ? '—' : value.toFixed(3).replace('-', '−');

const percent =
  (name: FigureName) =>
  ({ figures }: ArmSummary): Markup | null =>
    present(figures[name], formatPoints);

const number =
  (name: FigureName) =>
  ({ figures }: ArmSummary): Markup | null =>
    present(figures[name], decimals);

const gap =
  (name: 'forgetGap' | 'retainGap') =>
  ({ figures }: ArmSummary): Markup | null =>
    present(figures[name], (value) => formatPointsDifference(value));

const present = (figure: SeedFigure | null, format: typeof formatPoints): Markup | null =>
  figure === null ? null : figureCell(figure, format);

export function nearFarSection({ arms }: ArmsSummary): Markup | null {
  const table = measureTable('Zero-shot accuracy of near and far classes, %', arms, [
    { title: 'Near', of: percent('near') },
    { title: 'Far', of: percent('far') },
  ]);
  return (
    table &&
    html`<section>
      <h2>Near and far classes</h2>
      <p class="lead">
        Near: retained classes of the same superclass as what is forgotten. Where they fall more than far ones,
        forgetting spills over.
      </p>
      ${table}
    </section>`
  );
}

export function traceSection(summary: ArmsSummary): Markup | null {
  const { arms } = summary;
  const table = measureTable('Traces of the forget set', arms, [
    { title: 'Matched cosine, forget', of: number('cosineForget') },
    { title: 'retain', of: number('cosineRetain') },
    { title: 'Membership AUC', of: number('membershipAuc') },
    { title: 'Steps to relearn', of: relearning },
  ]);
  const others = arms.filter(({ arm }) => arm.role !== 'gold-standard');
  const distance = measureTable('Distance to the model trained without the forget set', others, [
    { title: 'Forget, gap', of: gap('forgetGap') },
    { title: 'Retain, gap', of: gap('retainGap') },
    { title: 'KS, forget', of: number('ksForget') },
    { title: 'KS, retain', of: number('ksRetain') },
    { title: 'Same prediction, forget, %', of: percent('agreementForget') },
    { title: 'retain, %', of: percent('agreementRetain') },
  ]);
  return (
    table &&
    html`<section>
      <h2>What is left of the forget set</h2>
      <p class="lead">
        The nearer to the model trained without the forget set, the better; an arm that goes far beyond it shows that
        something was there.
      </p>
      ${table} ${distance}
      <p class="muted small">
        Matched cosine: mean of test pairs. Membership AUC: telling training items from test items of the forget set by
        matched cosine; 0.5 tells nothing. Gap: accuracy less that of the retrained model of the same concept and seed,
        in points. KS: Kolmogorov–Smirnov distance of the matched cosines to those of the retrained model, from 0 to 1.
        Steps to relearn: mean steps of training on forget pairs until the accuracy is back at half of what it was, over
        the models that get there.
      </p>
      ${membershipNote(summary)}
    </section>`
  );
}

function relearning({ outcomes }: ArmSummary): string | null {
  const found = outcomes.flatMap(({ measures }) => measures.relearn ?? []);
  if (found.length === 0) return null;
  const reached = found.flatMap(({ steps }) => steps ?? []);
  const limit = Math.max(...found.map((entry) => entry.limit));
  if (reached.length === 0) return `> ${formatInteger(limit)}`;
  const average = mean(reached).toFixed(0);
  return reached.length === found.length
    ? average
    : `${average} (${found.length - reached.length} of ${found.length} > ${formatInteger(limit)})`;
}

export function retrievalSection({ arms }: ArmsSummary): Markup | null {
  const tables = (['textToImage', 'imageToText'] as const).map((direction) =>
    measureTable(
      direction === 'textToImage' ? 'Text to image, recall, %' : 'Image to text, recall, %',
      arms,
      (['forget', 'retain'] as const).flatMap((set) =>
        (['1', '5', '10'] as const).map((k) => ({
          title: `${set} @${k}`,
          of: (row: ArmSummary) => meanOf(row, (measures) => measures.retrieval?.[direction][set].recall[k]),
        })),
      ),
    ),
  );
  if (tables.every((table) => table === null)) return null;
  return html`<section>
    <h2>Retrieval</h2>
    <p class="lead">Share of held-out queries with a right answer among the first 1, 5 and 10.</p>
    ${tables}
  </section>`;
}

function meanOf({ outcomes }: ArmSummary, read: (measures: ModelMeasures) => number | undefined): string | null {
  const values = outcomes.flatMap(({ measures }) => read(measures) ?? []);
  return values.length === 0 ? null : formatPoints(mean(values));
}

/** What training costs: means of times, the most of memories. */
export const expenseTable = ({ arms }: ArmsSummary): Markup | null =>
  measureTable(
    'Time and memory of one training',
    arms.filter(({ outcomes }) => outcomes.some(({ steps }) => steps > 0)),
    [
      { title: 'Trainings', of: ({ outcomes }) => formatInteger(outcomes.length) },
      { title: 'Steps', of: ({ outcomes }) => range(outcomes.map(({ steps }) => steps)) },
      { title: 'Kept step', of: ({ outcomes }) => range(outcomes.flatMap(({ keptStep }) => keptStep ?? [])) },
      { title: 'Mean time', of: ({ seconds }) => (seconds === null ? null : formatSeconds(seconds)) },
      { title: 'Peak memory', of: ({ peakBytes }) => formatBytes(peakBytes) },
    ],
  );

function range(values: readonly number[]): string | null {
  if (values.length === 0) return null;
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return low === high ? formatInteger(low) : `${formatInteger(low)}–${formatInteger(high)}`;
}
