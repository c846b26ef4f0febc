import pc from 'picocolors';
import { escapeTerminal } from '../escape-terminal.ts';
import {
  formatCompact,
  formatCost,
  formatDifference,
  formatInteger,
  formatP,
  formatScore,
  formatSeconds,
  plural,
} from '../format.ts';
import type { TableOptions } from '../render-table.ts';
import { type Column, type Row, textTable } from '../text-table.ts';
import { wrapText } from '../wrap-text.ts';
import { allNotes, shareText, tokenSplit } from './method-words.ts';
import type { MethodFigures, MethodsComparison } from './methods-comparison.ts';

const left = (title: string): Column => ({ title, align: 'left', shrinksTo: 14 });
const right = (title: string): Column => ({ title, align: 'right' });

/** The comparison for a terminal: accuracy, what it took, rounds, fewer paths. Ends with a line feed. */
export function renderMethods(comparison: MethodsComparison, options: TableOptions = {}): string {
  const width = Math.max(60, options.width ?? 80);
  const colors = pc.createColors(options.color ?? false);
  const wrap = (text: string): string[] => wrapText(text, width, '  ');
  const table = (columns: readonly Column[], rows: readonly Row[]): string[] =>
    textTable(columns, [{ cells: columns.map(({ title }) => title), style: colors.dim }, ...rows], width);
  const { methods, missing, shared, notes } = comparison;
  const lines = [
    ...wrap(
      `${escapeTerminal(comparison.benchmark)} (${comparison.mode}) · ${Object.entries(comparison.models)
        .map(([role, model]) => `${role} ${escapeTerminal(model)}`)
        .join(' · ')} · comparison ${comparison.comparison}`,
    ),
    ...methods.flatMap(({ spec }, i) => wrap(`${nameOf(spec, methods)}${i === 0 ? ' (the baseline)' : ''}`)),
    '',
    ...accuracyTable(methods, table, colors.bold),
    '',
    ...tokenTable(methods, table),
    '',
    ...timeTable(methods, table),
    ...roundsTable(methods, table),
    ...curveTable(methods, table),
    '',
    ...wrap(allNotes.front),
    ...wrap(shared ? allNotes.shared : allNotes.alone),
    ...wrap(allNotes.time),
    ...missing.flatMap((spec) => wrap(`not started: ${escapeTerminal(spec)}`)).map(colors.yellow),
    ...methods
      .filter(({ state }) => state !== 'completed')
      .flatMap(({ spec, state, questions }) =>
        wrap(`${state}: ${escapeTerminal(spec)}, ${plural(questions, 'question')} so far`),
      )
      .map(colors.yellow),
    ...methods
      .filter(({ failed }) => failed > 0)
      .flatMap(({ spec, failed, questions, failure }) =>
        wrap(
          `failed: ${nameOf(spec, methods)}, ${failed} of ${questions}, counted as wrong. ${escapeTerminal(failure ?? '')}`,
        ),
      )
      .map(colors.yellow),
    ...notes.flatMap((note) => wrap(`note: ${escapeTerminal(note)}`)),
  ];
  const text = `${lines.join('\n')}\n`;
  if (options.unicode ?? true) return text;
  return text.replaceAll('—', '-').replaceAll('–', '-').replaceAll('−', '-').replaceAll('…', '~').replaceAll('·', '|');
}

/** By number, so that names which a narrow terminal cuts are still told apart. */
const nameOf = (spec: string, methods: readonly MethodFigures[]): string =>
  `${methods.findIndex((method) => method.spec === spec) + 1} ${escapeTerminal(spec)}`;

type Table = (columns: readonly Column[], rows: readonly Row[]) => string[];

function accuracyTable(
  methods: readonly MethodFigures[],
  table: Table,
  bold: (line: string) => string,
): readonly string[] {
  const columns = [
    left('Method'),
    right('Acc.'),
    right('95 %'),
    right('− first'),
    right('95 %'),
    right('p'),
    right('Tokens/q '),
  ];
  const rows = methods.map(({ spec, accuracy, interval, difference, tokensPerQuestion, onFront }): Row => {
    const range = difference?.interval;
    return {
      cells: [
        nameOf(spec, methods),
        formatScore(accuracy),
        interval === null ? '' : interval.map((end) => formatScore(end)).join(' '),
        difference === undefined ? '' : formatDifference(difference.difference),
        range === undefined || range === null ? '' : range.map(formatDifference).join(' '),
        difference === undefined ? '' : formatP(difference.pValue),
        `${tokensPerQuestion === null ? '—' : formatCompact(tokensPerQuestion)}${onFront ? '*' : ' '}`,
      ],
      ...(onFront ? { style: bold } : {}),
    };
  });
  return table(columns, rows);
}

function tokenTable(methods: readonly MethodFigures[], table: Table): readonly string[] {
  const splits = methods.map(tokenSplit);
  const others = splits.some(({ other }) => other > 0);
  const columns = [
    left('Method'),
    right('Prompt'),
    right('Compl.'),
    right('Verifier'),
    ...(others ? [right('Other')] : []),
    right('Calls'),
    right('Paid tokens'),
    right('Paid calls'),
  ];
  const rows = methods.map(({ spec, usage: { alone, paid } }, i): Row => {
    const { prompt, completion, verifier, other } = splits[i] as (typeof splits)[number];
    return {
      cells: [
        nameOf(spec, methods),
        formatCompact(prompt),
        formatCompact(completion),
        formatCompact(verifier),
        ...(others ? [formatCompact(other)] : []),
        formatCompact(alone.calls),
        formatCompact(paid.inputTokens + paid.outputTokens),
        formatCompact(paid.calls),
      ],
    };
  });
  return table(columns, rows);
}

function timeTable(methods: readonly MethodFigures[], table: Table): readonly string[] {
  const priced = methods.some(({ usage }) => usage.alone.cost !== undefined);
  const money = (cost: number | undefined): string => (cost === undefined ? '—' : formatCost(cost));
  const columns = [
    left('Method'),
    right('Questions'),
    right('Failed'),
    right('Time'),
    right('Wall'),
    ...(priced ? [right('Money'), right('Paid')] : []),
  ];
  const rows = methods.map(({ spec, questions, failed, wallSeconds, usage: { alone, paid } }): Row => ({
    cells: [
      nameOf(spec, methods),
      formatInteger(questions),
      formatInteger(failed),
      formatSeconds(alone.latencyMs / 1000),
      formatSeconds(wallSeconds),
      ...(priced ? [money(alone.cost), money(paid.cost)] : []),
    ],
  }));
  return table(columns, rows);
}

function roundsTable(methods: readonly MethodFigures[], table: Table): readonly string[] {
  const rows = methods.flatMap(({ spec, rounds }): Row[] => {
    if (rounds === undefined) return [];
    const { whole } = rounds;
    return [
      {
        cells: [
          nameOf(spec, methods),
          'first',
          formatInteger(rounds.questions),
          formatScore(rounds.firstAccuracy),
          '',
          '',
        ],
      },
      ...rounds.rounds.map(({ round, questions, rightBefore, rightToWrong, wrongToRight, accuracy }) => ({
        cells: [
          '',
          String(round),
          formatInteger(questions),
          formatScore(accuracy),
          shareText(rightToWrong, rightBefore),
          shareText(wrongToRight, questions - rightBefore),
        ],
      })),
      {
        cells: [
          '',
          'whole',
          formatInteger(rounds.questions),
          '',
          shareText(whole.rightToWrong, whole.rightBefore),
          shareText(whole.wrongToRight, whole.wrongBefore),
        ],
      },
    ];
  });
  if (rows.length === 0) return [];
  const columns = [
    left('Rounds'),
    right('Round'),
    right('Questions'),
    right('Accuracy'),
    right('Right to wrong'),
    right('Wrong to right'),
  ];
  return ['', ...table(columns, rows)];
}

function curveTable(methods: readonly MethodFigures[], table: Table): readonly string[] {
  const rows = methods.flatMap(({ spec, curve = [] }): Row[] =>
    curve.map(({ n, tokensPerQuestion, accuracy, interval }, i) => ({
      cells: [
        i === 0 ? nameOf(spec, methods) : '',
        String(n),
        formatCompact(tokensPerQuestion),
        formatScore(accuracy),
        interval === null ? '' : interval.map((end) => formatScore(end)).join(' '),
      ],
    })),
  );
  if (rows.length === 0) return [];
  return [
    '',
    ...table(
      [left('With fewer paths'), right('n'), right('Tokens/q'), right('Accuracy'), right('95 % interval')],
      rows,
    ),
  ];
}
