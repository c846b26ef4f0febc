import { formatCost, formatInteger, formatScore, formatSeconds, plural } from '../format.ts';
import { runLabel, type RunForReport } from '../run-for-report.ts';
import type { Figure, Summary } from '../summary.ts';
import { track } from './interval-figure.ts';
import { html, type Markup, named } from './markup.ts';
import { shortName } from './visible-text.ts';
import { scoreScale } from './scale.ts';
import { intervalText } from './task-table.ts';

/** One run's headline: the overall figure, and the groups beside it. */
export function headline(summary: Summary, series: number): Markup {
  const groups = Object.entries(summary.groupDetails);
  return html`<div class="tiles">
    ${tile('Overall', summary.overallDetail, 'overall', series)}
    ${groups.length <= 12 && groups.map(([name, figure]) => tile(name, figure, 'group', series))}
  </div>`;
}

function tile(name: string, figure: Figure, kind: string, series: number): Markup {
  const words =
    figure.score === null
      ? 'no score'
      : `${formatScore(figure.score)}${figure.interval === null ? '' : `, 95 % interval ${intervalText(figure)}`}`;
  const scale = scoreScale([figure.score ?? 0, ...(figure.interval ?? [])]);
  const why = figure.error ?? figure.reason;
  return html`<div class="tile ${kind}">
    <p class="tile-name">${named(name)}</p>
    <p class="tile-score">${formatScore(figure.score)}</p>
    <p class="tile-interval">${figure.interval === null ? '' : intervalText(figure)}</p>
    ${figure.score !== null && track({ marks: [{ value: figure.score, interval: figure.interval, series }], description: `${shortName(name)}: ${words}` }, scale)}
    ${why !== undefined && html`<p class="tile-note">${named(why, 300)}</p>`}
  </div>`;
}

/** What was run, on what, how, and at what expense. */
export function facts(source: RunForReport): Markup {
  const { summary, run } = source;
  const { details, usage, models = {} } = summary;
  const hashes = run?.hashes ?? details?.hashes;
  const createdAt = run?.createdAt ?? details?.createdAt;
  const entries: [string, Markup | string | undefined][] = [
    ['Benchmark', summary.benchmark ?? undefined],
    ['Scoring mode', summary.mode],
    ...Object.entries(models).map(([role, model]): [string, string] => [
      role === 'main' ? 'Model' : `Model as ${shortName(role, 40)}`,
      model,
    ]),
    ['Method', details?.method],
    ['Samples', `${formatInteger(summary.overallDetail.n)} in ${plural(Object.keys(summary.tasks).length, 'task')}`],
    [
      'Date',
      createdAt === undefined ? undefined : new Date(createdAt).toISOString().replace('T', ' ').slice(0, 16) + ' UTC',
    ],
    ['Duration', summary.seconds === undefined ? undefined : formatSeconds(summary.seconds)],
    ['Calls', usage && callsText(usage)],
    ['Tokens', usage && `${formatInteger(usage.inputTokens)} in, ${formatInteger(usage.outputTokens)} out`],
    ['Cost', usage?.cost === undefined ? undefined : formatCost(usage.cost)],
    ['Seed', details?.seed === undefined ? undefined : String(details.seed)],
    ['Run', summary.run ?? run?.id],
    ['State', run === undefined || run.state === 'completed' ? undefined : run.state],
    ['Data', hashes && hashText(hashes.data)],
    ['Prompts', hashes?.prompts === undefined ? undefined : hashText(hashes.prompts)],
    ['Code', hashes && hashText(hashes.code)],
  ];
  const command = details?.command;
  return html`<dl class="facts">
      ${entries.map(
        ([name, value]) =>
          value !== undefined &&
          value !== '' &&
          html`<div>
            <dt>${name}</dt>
            <dd>${typeof value === 'string' ? named(value) : value}</dd>
          </div>`,
      )}
    </dl>
    ${
      command !== undefined &&
      html`<p class="command-title">Run it again with</p>
        <pre class="command" tabindex="0"><code>${shortName(command, 2000)}</code></pre>`
    }`;
}

function callsText(usage: NonNullable<Summary['usage']>): string {
  const extra = [
    usage.replayedCalls > 0 && `${formatInteger(usage.replayedCalls)} replayed`,
    usage.wastedCalls > 0 && `${formatInteger(usage.wastedCalls)} wasted`,
  ].filter((word) => word !== false);
  return formatInteger(usage.calls) + (extra.length > 0 ? ` (${extra.join(', ')})` : '');
}

const hashText = (hash: string): Markup => html`<code title="${hash.slice(0, 64)}">${hash.slice(0, 12)}</code>`;

/** Notes and errors of a run, errors first; null where there are none. */
export function remarks(source: RunForReport): Markup | null {
  const { errors, notes } = source.summary;
  if (errors.length === 0 && notes.length === 0) return null;
  const shown = errors.slice(0, 20);
  return html`<div class="remarks">
    ${
      shown.length > 0 &&
      html`<h3>Errors</h3>
        <ul class="errors">
          ${shown.map(
            (error) =>
              html`<li>
                <span class="where">${named(error.where)}</span>: ${named(error.message, 1000)}
                ${error.count > 1 && html`<span class="muted">(${formatInteger(error.count)} times)</span>`}
                ${error.hint !== undefined && html`<br /><span class="muted">${named(error.hint, 1000)}</span>`}
              </li>`,
          )}
        </ul>`
    }
    ${errors.length > shown.length && html`<p class="muted">and ${plural(errors.length - shown.length, 'further error')}</p>`}
    ${
      notes.length > 0 &&
      html`<h3>Notes</h3>
        <ul>
          ${notes.map((note) => html`<li>${named(note, 1000)}</li>`)}
        </ul>`
    }
  </div>`;
}

/** The colour that stands for each run in every figure. */
export function legend(runs: readonly RunForReport[]): Markup | null {
  if (runs.length < 2) return null;
  return html`<ol class="legend">
    ${runs.map((run, i) => html`<li><span class="swatch series-${i % 6}"></span>${named(runLabel(run))}</li>`)}
  </ol>`;
}
