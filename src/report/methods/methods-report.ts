import {
  formatCompact,
  formatCost,
  formatDifference,
  formatInteger,
  formatP,
  formatScore,
  formatSeconds,
} from '../format.ts';
import { commandBlock, dateText, factsList } from '../html/facts-list.ts';
import { html, type Markup, named } from '../html/markup.ts';
import { page } from '../html/page.ts';
import { plainTable, type TableColumn, type TableRow } from '../html/plain-table.ts';
import { style } from '../html/style.ts';
import { accuracyTokensFigure } from './accuracy-tokens-figure.ts';
import { allNotes, shareText, tokenSplit } from './method-words.ts';
import type { MethodFigures, MethodsComparison } from './methods-comparison.ts';
import { methodsStyle } from './methods-style.ts';

/** One self-contained HTML page about several methods on the same samples: no request leaves it, no script runs on it. */
export function methodsReport(comparison: MethodsComparison): string {
  const { benchmark, mode, methods, missing } = comparison;
  return page({
    title: `Methods on ${benchmark}`,
    style: style + methodsStyle,
    body: html`<header>
        <p class="eyebrow">Fettle report</p>
        <h1>Methods on ${named(benchmark, 200)}</h1>
        <p class="subtitle lead">${sentence(methods)}</p>
      </header>
      <main>
        ${facts(comparison)}
        ${
          methods.length > 0 &&
          html`<section>
            <h2>Accuracy and what it takes</h2>
            ${accuracyTokensFigure(comparison)} ${accuracyTable(methods)} ${usageTable(methods)} ${runTable(methods)}
            ${failures(methods)}
            ${missing.length > 0 && html`<p class="warnings">Not started: ${missing.map((spec) => html`${named(spec)} `)}</p>`}
          </section>`
        }
        ${roundsSection(methods)} ${curveSection(methods)} ${taskSection(methods)} ${method(comparison)}
      </main>
      <footer>
        Made by Fettle from stored runs; nothing on this page was fetched from elsewhere. Mode: ${mode}.
      </footer>`,
  });
}

const intervalText = (
  interval: readonly [number, number] | null | undefined,
  format = (end: number) => formatScore(end),
) => (interval === null || interval === undefined ? '' : interval.map(format).join(' to '));

function sentence(methods: readonly MethodFigures[]): Markup {
  const known = methods.filter(({ accuracy }) => accuracy !== null);
  const best = known.reduce<MethodFigures | undefined>(
    (most, one) => (most === undefined || (one.accuracy ?? 0) > (most.accuracy ?? 0) ? one : most),
    undefined,
  );
  if (best === undefined) return html`No method has a figure yet.`;
  const { difference } = best;
  const shown =
    difference?.interval !== null && difference?.interval !== undefined && difference.interval[0] > 0
      ? html`, ${formatDifference(difference.difference)} against the first (95 % interval
        ${intervalText(difference.interval, formatDifference)})`
      : difference === undefined
        ? ''
        : ', which these samples do not tell from the first';
  return html`${named(best.spec)} is the most accurate with <b>${formatScore(best.accuracy)}</b>${shown}.`;
}

function facts({ models, seed, epochs, createdAt, shared, command, comparison, methods }: MethodsComparison): Markup {
  return html`${factsList([
    ...Object.entries(models).map(([role, model]) => [`Model: ${role}`, model] as const),
    ['Questions', Math.max(0, ...methods.map(({ questions }) => questions))],
    ['Seed', seed],
    ['Epochs', epochs],
    ['Answers shared', shared ? 'yes' : 'no'],
    ['Comparison', comparison],
    ['Date', dateText(createdAt)],
  ])}
  ${command !== undefined && commandBlock(command)}`;
}

const number = (title: string): TableColumn => ({ title, number: true });

function accuracyTable(methods: readonly MethodFigures[]): Markup {
  const rows = methods.map(({ spec, accuracy, interval, difference, tokensPerQuestion, onFront }): TableRow => {
    const against =
      difference === undefined
        ? ['', '', '', '']
        : [
            formatDifference(difference.difference),
            intervalText(difference.interval, formatDifference),
            formatP(difference.pValue),
            `${formatInteger(difference.secondBetter)} / ${formatInteger(difference.firstBetter)}`,
          ];
    return {
      cells: [
        onFront ? html`<b>${named(spec)}</b>` : named(spec),
        formatScore(accuracy),
        intervalText(interval),
        ...against,
        tokensPerQuestion === null ? '' : formatCompact(tokensPerQuestion),
      ],
    };
  });
  const titles = [
    'Accuracy',
    '95 % interval',
    'Difference',
    '95 % interval',
    'p',
    'Better / worse',
    'Tokens a question',
  ];
  return plainTable(
    'Accuracy; differences are against the first method, bold methods are beaten by none at the same or fewer tokens',
    [{ title: 'Method' }, ...titles.map(number)],
    rows,
  );
}

function usageTable(methods: readonly MethodFigures[]): Markup {
  const rows = methods.map((one): TableRow => {
    const { prompt, completion, verifier, other } = tokenSplit(one);
    const { calls, latencyMs, cost } = one.usage.alone;
    return {
      cells: [
        named(one.spec),
        ...[prompt, completion, verifier, other, calls].map(formatInteger),
        formatSeconds(latencyMs / 1000),
        money(cost),
      ],
    };
  });
  const tokens = ['Prompt', 'Completion', 'Verifier', 'Other'].map((what) => `${what} tokens`);
  return plainTable(
    'What it takes, as if each method had run alone',
    [{ title: 'Method' }, ...[...tokens, 'Calls', 'Time', 'Money'].map(number)],
    rows,
  );
}

function runTable(methods: readonly MethodFigures[]): Markup {
  const rows = methods.map(({ spec, questions, unparsed, failed, wallSeconds, run, usage: { paid } }): TableRow => ({
    cells: [
      named(spec),
      ...[questions, unparsed, failed, paid.inputTokens + paid.outputTokens, paid.calls].map(formatInteger),
      money(paid.cost),
      formatSeconds(wallSeconds),
      named(run),
    ],
  }));
  const titles = ['Questions', 'Unparsed', 'Failed', 'Paid tokens', 'Paid calls', 'Paid money', 'Wall'];
  return plainTable(
    'Its runs, and what was paid in this comparison',
    [{ title: 'Method' }, ...titles.map(number), { title: 'Run' }],
    rows,
  );
}

const money = (cost: number | undefined): string => (cost === undefined ? '—' : formatCost(cost));

function failures(methods: readonly MethodFigures[]): Markup | null {
  const failed = methods.filter((one) => one.failed > 0);
  if (failed.length === 0) return null;
  return html`<ul class="warnings">
    ${failed.map(({ spec, failed: count, questions, failure = '' }) => html`<li>${named(spec)}: ${count} of ${questions} questions failed and count as wrong. ${named(failure, 300)}</li>`)}
  </ul>`;
}

function roundsSection(methods: readonly MethodFigures[]): Markup | null {
  const rows = methods.flatMap(({ spec, rounds }): TableRow[] => {
    if (rounds === undefined) return [];
    const { whole } = rounds;
    return [
      {
        kind: 'group',
        cells: [named(spec), 'first', formatInteger(rounds.questions), formatScore(rounds.firstAccuracy), '', ''],
      },
      ...rounds.rounds.map((one): TableRow => ({
        kind: 'task',
        cells: [
          '',
          one.round,
          formatInteger(one.questions),
          formatScore(one.accuracy),
          shareText(one.rightToWrong, one.rightBefore),
          shareText(one.wrongToRight, one.questions - one.rightBefore),
        ],
      })),
      {
        kind: 'task',
        cells: [
          '',
          'first to last',
          formatInteger(rounds.questions),
          '',
          shareText(whole.rightToWrong, whole.rightBefore),
          shareText(whole.wrongToRight, whole.wrongBefore),
        ],
      },
    ];
  });
  if (rows.length === 0) return null;
  return html`<section>
    <h2>What revisions change</h2>
    <p class="lead">
      Answers after each round, judged by the task’s own scorer. Right to wrong is out of the answers that were right
      before; accuracy is that of all questions had they ended with this round at the latest.
    </p>
    ${plainTable('Rounds', [{ title: 'Method' }, ...['Round', 'Questions', 'Accuracy', 'Right to wrong', 'Wrong to right'].map(number)], rows)}
  </section>`;
}

function curveSection(methods: readonly MethodFigures[]): Markup | null {
  const rows = methods.flatMap(({ spec, curve = [] }): TableRow[] =>
    curve.map(({ n, tokensPerQuestion, accuracy, interval }) => ({
      cells: [named(spec), n, formatCompact(tokensPerQuestion), formatScore(accuracy), intervalText(interval)],
    })),
  );
  if (rows.length === 0) return null;
  return html`<section>
    <h2>With fewer paths</h2>
    <p class="lead">
      What methods that draw several paths come to with fewer of them: means over subsets of the paths that were drawn,
      or their beginning where the method stopped early. No further call was made.
    </p>
    ${plainTable('Accuracy at fewer paths', [{ title: 'Method' }, ...['Paths', 'Tokens a question', 'Accuracy', '95 % interval'].map(number)], rows)}
  </section>`;
}

function taskSection(methods: readonly MethodFigures[]): Markup | null {
  const names = [...new Set(methods.flatMap(({ tasks }) => Object.keys(tasks)))];
  if (names.length < 2) return null;
  const rows = names.map((name): TableRow => ({
    cells: [
      named(name),
      ...methods.map(({ tasks }) => {
        const task = Object.hasOwn(tasks, name) ? tasks[name] : undefined;
        const range = intervalText(task?.interval);
        return html`${formatScore(task?.score)} ${range !== '' && html`<span class="interval">${range}</span>`}`;
      }),
    ],
  }));
  return html`<section>
    <h2>By task</h2>
    ${plainTable('Accuracy by task, with 95 % intervals', [{ title: 'Task' }, ...methods.map(({ spec }) => number(spec))], rows)}
  </section>`;
}

const method = ({ shared, notes, methods }: MethodsComparison): Markup => {
  const tests = [...new Set(methods.flatMap(({ difference }) => difference?.test ?? []))];
  return html`<section>
    <h2>How figures are made</h2>
    <p class="muted small">${shared ? allNotes.shared : allNotes.alone} ${allNotes.time}</p>
    <p class="muted small">
      Methods are paired by sample, epochs averaged. Intervals of differences: paired bootstrap, samples of one group
      drawn together. Tests: ${tests.length === 0 ? 'none' : tests.join(', ')}; p-values are not corrected for the
      number of methods.
    </p>
    ${
      notes.length > 0 &&
      html`<ul class="plain">
        ${notes.slice(0, 40).map((note) => html`<li>${named(note, 1000)}</li>`)}
      </ul>`
    }
  </section>`;
};
