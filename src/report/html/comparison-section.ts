import type { Comparison, Difference, PairComparison } from '../compare/comparison.ts';
import { formatDifference, formatInteger, formatP, formatScore, plural } from '../format.ts';
import { intervalFigure, type IntervalRow } from './interval-figure.ts';
import { html, type Markup, named } from './markup.ts';
import { shortName } from './visible-text.ts';
import { differenceScale } from './scale.ts';

/** Every other run against the first: a forest plot of the differences and the table behind it. */
export function comparisonSection(comparison: Comparison): Markup {
  return html`<section>
    <h2>Comparison</h2>
    ${comparison.comparisons.map((pair, i) => pairSection(comparison, pair, i + 1))}
    <p class="muted small">
      Runs are paired by sample, epochs averaged. Intervals: paired bootstrap. Tests: McNemar’s exact test where all
      values are 0 or 1, else sign-flip permutation; p-values of tasks are corrected for their number (Holm).
      Detectable: the smallest true difference that these samples show in 4 of 5 cases, a dash where they would show
      none.
    </p>
  </section>`;
}

function pairSection(comparison: Comparison, pair: PairComparison, series: number): Markup {
  const entries = entriesOf(comparison, pair);
  const scale = differenceScale(entries.flatMap(({ figure }) => [figure.difference ?? 0, ...(figure.interval ?? [])]));
  const { overall } = pair;
  return html`<h3>
      ${named(pair.second.label, 300)} <span class="muted">against</span> ${named(comparison.first.label, 300)}
    </h3>
    <p class="lead">
      ${verdict(overall)} ${plural(pair.pairs, 'pair')} of samples: better on ${formatInteger(overall.secondBetter)},
      worse on ${formatInteger(overall.firstBetter)}.
    </p>
    ${
      pair.warnings.length > 0 &&
      html`<ul class="warnings">
        ${pair.warnings.map((warning) => html`<li>${named(warning, 500)}</li>`)}
      </ul>`
    }
    ${intervalFigure({
      title: 'Difference by task.',
      note: 'Right of the line the second run is better. Lines are 95 % intervals.',
      scale,
      reference: 0,
      rows: entries.map((entry) => rowOf(entry, series)),
    })}
    ${table(entries)}`;
}

interface Entry {
  readonly name: string;
  readonly figure: Difference;
  readonly p: number | null;
  readonly kind: 'heading' | 'row';
}

function entriesOf(comparison: Comparison, pair: PairComparison): Entry[] {
  const entries: Entry[] = [];
  const grouped = new Set<string>();
  const tasks = Object.entries(pair.tasks);
  const add = ([name, task]: (typeof tasks)[number]): void => {
    grouped.add(name);
    entries.push({ name, figure: task, p: task.pAdjusted, kind: 'row' });
  };
  for (const [group, figure] of Object.entries(pair.groups)) {
    entries.push({ name: group, figure, p: figure.pValue, kind: 'heading' });
    for (const task of tasks) if (task[1].labels[comparison.groupBy ?? ''] === group) add(task);
  }
  for (const task of tasks) if (!grouped.has(task[0])) add(task);
  return [...entries, { name: 'overall', figure: pair.overall, p: pair.overall.pValue, kind: 'heading' }];
}

function rowOf({ name, figure, p, kind }: Entry, series: number): IntervalRow {
  return {
    label: name,
    kind,
    marks: [{ value: figure.difference, interval: figure.interval, series }],
    text: html`<b>${formatDifference(figure.difference)}</b>
      <span class="muted">${p === null ? '' : `p ${p < 0.001 ? '' : '= '}${formatP(p)}`}</span>`,
    description: `${shortName(name)}: difference ${formatDifference(figure.difference)}${figure.interval === null ? '' : `, 95 % interval ${figure.interval.map(formatDifference).join(' to ')}`}`,
  };
}

function table(entries: readonly Entry[]): Markup {
  return html`<div class="scroll" role="region" aria-label="Differences" tabindex="0">
    <table>
      <caption>
        Differences
      </caption>
      <thead>
        <tr>
          <th scope="col">Task</th>
          <th scope="col" class="number">Pairs</th>
          <th scope="col" class="number">First</th>
          <th scope="col" class="number">Second</th>
          <th scope="col" class="number">Difference</th>
          <th scope="col" class="number">95 % interval</th>
          <th scope="col" class="number">p</th>
          <th scope="col" class="number">Better / worse</th>
          <th scope="col" class="number">Detectable</th>
        </tr>
      </thead>
      <tbody>
        ${entries.map(
          ({ name, figure, p, kind }) =>
            html`<tr class="${kind === 'heading' ? 'group' : 'task'}">
              <th scope="row">${named(name)}</th>
              <td class="number">${formatInteger(figure.n)}</td>
              <td class="number">${formatScore(figure.first)}</td>
              <td class="number">${formatScore(figure.second)}</td>
              <td class="number score">${formatDifference(figure.difference)}</td>
              <td class="number interval">
                ${figure.interval === null ? '' : figure.interval.map(formatDifference).join(' to ')}
              </td>
              <td class="number">${formatP(p)}</td>
              <td class="number">${formatInteger(figure.secondBetter)} / ${formatInteger(figure.firstBetter)}</td>
              <td class="number">${formatScore(figure.detectable)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function verdict({ difference, interval, pValue }: Difference): Markup {
  if (difference === null) return html`Nothing to compare.`;
  const range = interval === null ? '' : ` (95 % interval ${interval.map(formatDifference).join(' to ')})`;
  const size = html`<b>${formatDifference(difference)}</b>${range}`;
  if (pValue === null) return html`Overall difference ${size}.`;
  const p = pValue < 0.001 ? 'p < 0.001' : `p = ${formatP(pValue)}`;
  return pValue < 0.05
    ? html`The second run is ${difference > 0 ? 'better' : 'worse'} overall by ${size}, ${p}.`
    : html`No overall difference is shown: ${size}, ${p}.`;
}
