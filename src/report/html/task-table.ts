import {
  formatCompact,
  formatCost,
  formatInteger,
  formatPercent,
  formatScore,
  formatSeconds,
  plural,
} from '../format.ts';
import type { Figure, Share, Summary, TaskSummary } from '../summary.ts';
import { html, type Markup, named } from './markup.ts';
import { shortName } from './visible-text.ts';

/** All figures of a run as a table: groups with their tasks, then the whole. */
export function taskTable(summary: Summary, title: string): Markup {
  const caption = shortName(title, 300);
  const { overallDetail: overall, groupBy } = summary;
  const tasks = Object.entries(summary.tasks);
  const columns: Columns = {
    tokens: overall.tokens.input + overall.tokens.output > 0,
    time: overall.seconds > 0,
    cost: overall.cost !== undefined,
  };
  const grouped = new Set<string>();
  const bodies = Object.entries(summary.groupDetails).map(([group, detail]) => {
    const members = tasks.filter(([, task]) => groupBy !== undefined && task.labels[groupBy] === group);
    for (const [name] of members) grouped.add(name);
    return html`<tbody>
      ${row({ name: group, figure: detail, metric: plural(detail.tasks, 'task'), kind: 'group', columns })}
      ${members.map(([name, task]) => row({ name, figure: task, metric: metricText(task), kind: 'task', columns }))}
    </tbody>`;
  });
  const others = tasks.filter(([name]) => !grouped.has(name));
  return html`<div class="scroll" role="region" aria-label="${caption}" tabindex="0">
    <table>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          <th scope="col">Task</th>
          <th scope="col">Metric</th>
          <th scope="col" class="number">n</th>
          <th scope="col" class="number">Score</th>
          <th scope="col" class="number">95 % interval</th>
          <th scope="col" class="number">Unparsed</th>
          <th scope="col" class="number">Failed</th>
          ${
            columns.tokens &&
            html`<th scope="col" class="number">Tokens in</th>
              <th scope="col" class="number">out</th>`
          }
          ${columns.time && html`<th scope="col" class="number">Time</th>`}
          ${columns.cost && html`<th scope="col" class="number">Cost</th>`}
        </tr>
      </thead>
      ${bodies}
      ${
        others.length > 0 &&
        html`<tbody>
          ${others.map(([name, task]) => row({ name, figure: task, metric: metricText(task), kind: 'task', columns }))}
        </tbody>`
      }
      <tfoot>
        ${row({ name: 'overall', figure: overall, metric: plural(overall.tasks, 'task'), kind: 'group', columns })}
      </tfoot>
    </table>
  </div>`;
}

/** The metric of the score, and the means by other scorers. */
function metricText({ metric, further = {} }: TaskSummary): string {
  const figures = Object.entries(further).map(([scorer, { score }]) => `${scorer} ${formatScore(score)}`);
  return figures.length === 0 ? metric : `${metric} (${figures.join(', ')})`;
}

interface Columns {
  readonly tokens: boolean;
  readonly time: boolean;
  readonly cost: boolean;
}

function row(options: {
  readonly name: string;
  readonly figure: Figure;
  readonly metric: string;
  readonly kind: 'group' | 'task';
  readonly columns: Columns;
}): Markup {
  const { figure, columns } = options;
  return html`<tr class="${options.kind}">
    <th scope="row">${named(options.name)}</th>
    <td class="muted">${named(options.metric)}</td>
    <td class="number">${formatInteger(figure.n)}</td>
    <td class="number score">${formatScore(figure.score)}</td>
    <td class="number interval">${intervalText(figure)}</td>
    <td class="number">${share(figure.unparsed)}</td>
    <td class="number">${share(figure.failed)}</td>
    ${
      columns.tokens &&
      html`<td class="number">${formatCompact(figure.tokens.input)}</td>
        <td class="number">${formatCompact(figure.tokens.output)}</td>`
    }
    ${columns.time && html`<td class="number">${formatSeconds(figure.seconds)}</td>`}
    ${columns.cost && html`<td class="number">${figure.cost === undefined ? '' : formatCost(figure.cost)}</td>`}
  </tr>`;
}

const share = ({ count, rate }: Share): string => (count === 0 ? '0' : formatPercent(rate));

export const intervalText = ({ interval }: Pick<Figure, 'interval'>): string =>
  interval === null ? '' : `${formatScore(interval[0])}–${formatScore(interval[1])}`;

/** What a table cannot say: why figures are missing, what was left out of them. */
export function tableNotes(summary: Summary): Markup[] {
  return Object.entries(summary.tasks).flatMap(([name, task]) => noteOf(name, task));
}

function noteOf(name: string, task: TaskSummary): Markup[] {
  const notes: Markup[] = [];
  if (task.score === null && task.error === undefined) {
    notes.push(html`<li>${named(name)} has no score: ${named(task.reason ?? 'no reason given', 300)}</li>`);
  } else if (task.excluded.count > 0) {
    const reasons = Object.entries(task.excluded.reasons).map(
      ([reason, count]) => `${reason} (${formatInteger(count)})`,
    );
    notes.push(
      html`<li>
        ${plural(task.excluded.count, 'result')} left out of ${named(name)}: ${named(reasons.join(', '), 500)}
      </li>`,
    );
  }
  if (task.note !== undefined) notes.push(html`<li>${named(name)}: ${task.note}</li>`);
  return notes;
}
