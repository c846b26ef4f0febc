import { usageError } from '../../core/index.ts';
import { compareRuns } from '../compare/compare-runs.ts';
import { formatScore, formatSeconds, plural } from '../format.ts';
import { runLabel, type RunForReport } from '../run-for-report.ts';
import type { TaskForSummary } from '../task-tally.ts';
import { comparisonSection } from './comparison-section.ts';
import { histogramFigure, LogHistogram } from './histogram.ts';
import { html, type Markup, named } from './markup.ts';
import { facts, headline, legend, remarks } from './overview.ts';
import { page } from './page.ts';
import { type FindPicture, loadPictures } from './pictures.ts';
import { SamplePicker } from './sample-pick.ts';
import { sampleSection } from './sample-section.ts';
import { breakdownFigures, taskFigure } from './score-figures.ts';
import { script } from './script.ts';
import { shareFigure } from './share-figure.ts';
import { style } from './style.ts';
import { intervalText, tableNotes, taskTable } from './task-table.ts';

export interface ReportOptions {
  /** Results shown in full, over all runs. Default 300. */
  readonly maxSamples?: number;
  /** The tasks, where they are known: comparisons of figures that are not means need their aggregates. */
  readonly tasks?: readonly TaskForSummary[] | undefined;
  /** Finds pictures of inputs by their hash, small enough for a page. Without it, and beyond 4 MB, hashes stand for them. */
  readonly picture?: FindPicture | undefined;
}

/**
 * One self-contained HTML page about one run or several: no request leaves it, its only script filters samples.
 * Everything that models, data or names say is escaped, and the page's content security policy would stop what is not.
 * Reads each run's results once (once more where runs are compared) and keeps `maxSamples` of them.
 * Throws a usage error without runs.
 */
export async function htmlReport(runs: readonly RunForReport[], options: ReportOptions = {}): Promise<string> {
  const [first] = runs;
  if (first === undefined) throw usageError('a report needs a run');
  const limit = Math.max(1, Math.floor((options.maxSamples ?? 300) / runs.length));
  const scans = [];
  for (const run of runs) scans.push(await scan(run, limit));
  const comparison = runs.length > 1 ? await compareRuns(runs, { tasks: options.tasks }) : undefined;
  const title = [...new Set(runs.map(({ summary }) => summary.benchmark ?? 'Evaluation'))].join(', ');
  const picked = scans.flatMap(({ picker }) => picker.pick()).map(({ result }) => result);
  const pictures = await loadPictures(picked, options.picture);
  const several = runs.length > 1;
  return page({
    title,
    style,
    script,
    body: html`<header>
        <p class="eyebrow">Fettle report</p>
        <h1>${named(title, 200)}</h1>
        ${several ? html`<p class="subtitle">${plural(runs.length, 'run')}</p>` : html`<p class="subtitle lead">${sentence(first)}</p>`}
        ${legend(runs)}
      </header>
      <main>
        ${runs.map(
          (run, i) =>
            html`<section class="run">
              ${several && html`<h2>${named(runLabel(run), 300)}</h2>`} ${headline(run.summary, i)} ${facts(run)}
              ${remarks(run)}
            </section>`,
        )}
        ${comparison && comparisonSection(comparison)}
        <section>
          <h2>Scores</h2>
          ${taskFigure(runs)}
          <div class="small-multiples">${breakdownFigures(runs)}</div>
          ${runs.map((run) => tables(run, several))} ${method(runs)}
        </section>
        ${expenseSection(runs, scans, several)}
        ${sampleSection(
          scans.map(({ picker }, i) => ({ picker, ...(several && { label: runLabel(runs[i] as RunForReport) }) })),
          pictures,
        )}
      </main>
      <footer>
        Made by Fettle. Figures are computed from the stored results of the run; nothing on this page was fetched from
        elsewhere.
      </footer>`,
  });
}

interface Scan {
  readonly picker: SamplePicker;
  readonly latency: LogHistogram;
  readonly outputTokens: LogHistogram;
}

async function scan(run: RunForReport, limit: number): Promise<Scan> {
  const picker = new SamplePicker(limit);
  const latency = new LogHistogram();
  const outputTokens = new LogHistogram();
  for await (const result of run.results()) {
    picker.add(result);
    if (result.usage.calls > 0) latency.add(result.durationMs);
    outputTokens.add(result.usage.outputTokens);
  }
  return { picker, latency, outputTokens };
}

function sentence({ summary }: RunForReport): Markup {
  const { overallDetail: overall, models } = summary;
  const model = models?.['main'];
  const subject = model === undefined ? html`The replies score` : html`${named(model)} scores`;
  if (overall.score === null)
    return html`No overall score: ${named(overall.error ?? overall.reason ?? 'no results', 300)}.`;
  const interval = overall.interval === null ? '' : ` (95 % interval ${intervalText(overall)})`;
  const tasks = plural(overall.tasks, 'task');
  return html`${subject} <b>${formatScore(overall.score)}</b>${interval} over ${plural(overall.n, 'sample')} in
    ${tasks}, in ${named(summary.mode)} mode.`;
}

function tables(run: RunForReport, several: boolean): Markup {
  const notes = tableNotes(run.summary);
  const table = html`${taskTable(run.summary, several ? runLabel(run) : 'All figures')}${
    notes.length > 0 &&
    html`<ul class="plain">
      ${notes}
    </ul>`
  }`;
  const shares = shareFigure(run.summary.tasks);
  return html`${several && shares && html`<h3>${named(runLabel(run), 300)}</h3>`}${shares}${table}`;
}

function method(runs: readonly RunForReport[]): Markup {
  const figures = runs.flatMap(({ summary }) => [...Object.values(summary.tasks), summary.overallDetail]);
  const methods = [...new Set(figures.flatMap((figure) => figure.intervalMethod ?? []))];
  return html`<p class="muted small">
    ${methods.length > 0 && `95 % intervals: ${methods.join(', ')}. `}Failed and unparsed replies count as wrong;
    samples without a number leave the denominator and are listed. Time and tokens are sums over samples, which run side
    by side.
  </p>`;
}

function expenseSection(runs: readonly RunForReport[], scans: readonly Scan[], several: boolean): Markup | false {
  const figures = runs.flatMap(({ summary }, i) => {
    const { latency, outputTokens } = scans[i] as Scan;
    const drawn: Markup[] = [];
    if (summary.latencyMs !== undefined && latency.total > 1) {
      const format = (ms: number) => (ms < 1000 ? `${Math.round(ms)} ms` : formatSeconds(ms / 1000));
      drawn.push(histogramFigure({ title: 'Time per sample.', histogram: latency, format, ...summary.latencyMs }));
    }
    if (summary.outputTokens !== undefined && outputTokens.total > 1) {
      drawn.push(
        histogramFigure({ title: 'Output tokens per sample.', histogram: outputTokens, ...summary.outputTokens }),
      );
    }
    if (drawn.length === 0) return [];
    return [
      html`${several && html`<h3>${named(runLabel(runs[i] as RunForReport), 300)}</h3>`}
        <div class="small-multiples series-${i % 6}">${drawn}</div>`,
    ];
  });
  return (
    figures.length > 0 &&
    html`<section>
      <h2>Time and tokens</h2>
      ${figures}
    </section>`
  );
}
