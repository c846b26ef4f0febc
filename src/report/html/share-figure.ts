import { formatPercent, plural } from '../format.ts';
import type { TaskSummary } from '../summary.ts';
import { html, type Markup, named } from './markup.ts';
import { shortName } from './visible-text.ts';

/** Bars of unparsed and failed shares, for the tasks that have any; null where all is well. */
export function shareFigure(tasks: Readonly<Record<string, TaskSummary>>): Markup | null {
  const rows = Object.entries(tasks)
    .filter(([, task]) => task.unparsed.count + task.failed.count > 0)
    .toSorted(([, a], [, b]) => troubled(b) - troubled(a));
  if (rows.length === 0) return null;
  const widest = Math.max(...rows.map(([, task]) => troubled(task)));
  const shown = rows.slice(0, 30);
  const more = rows.length - shown.length;
  return html`<figure class="intervals shares">
    <figcaption>
      <strong>Replies that could not be used</strong> <span class="key unparsed"></span>&nbsp;unparsed: no answer was
      found in the reply <span class="key failed"></span>&nbsp;failed: no reply. Both count as wrong.
    </figcaption>
    ${shown.map(([name, task]) => row(name, task, widest))}
    ${more > 0 && html`<p class="muted">and ${plural(more, 'further task')} with smaller shares, in the table below</p>`}
  </figure>`;
}

const troubled = (task: TaskSummary): number => (task.unparsed.rate ?? 0) + (task.failed.rate ?? 0);

function row(name: string, task: TaskSummary, widest: number): Markup {
  const width = (rate: number | null): string => (((rate ?? 0) / widest) * 100).toFixed(2);
  const words = [
    task.unparsed.count > 0 && `${formatPercent(task.unparsed.rate)} unparsed`,
    task.failed.count > 0 && `${formatPercent(task.failed.rate)} failed`,
  ].filter((word) => word !== false);
  return html`<div class="interval-row row">
    <span class="label">${named(name)}</span>
    <span class="figure-text">${words.join(', ')}</span>
    <svg class="track" role="img" aria-label="${shortName(name)}: ${words.join(', ')}" width="100%" height="22">
      <title>${shortName(name)}: ${words.join(', ')}</title>
      <rect class="share unparsed" x="0" y="5" width="${width(task.unparsed.rate)}%" height="12" />
      <rect
        class="share failed"
        x="${width(task.unparsed.rate)}%"
        y="5"
        width="${width(task.failed.rate)}%"
        height="12"
      />
    </svg>
  </div>`;
}
