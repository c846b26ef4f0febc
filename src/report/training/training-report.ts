import { mean, wilsonInterval } from '../../metrics/index.ts';
import { curveStyle } from '../curves/curve-style.ts';
import { type Curve, lineFigure } from '../curves/line-figure.ts';
import { lossFigure, lossLegend, lossTerms } from '../curves/loss-curves.ts';
import { formatInteger, formatSeconds, plural } from '../format.ts';
import { commandBlock, dateText, factsList, hashText } from '../html/facts-list.ts';
import { intervalFigure } from '../html/interval-figure.ts';
import { html, type Markup, named } from '../html/markup.ts';
import { page } from '../html/page.ts';
import { plainTable } from '../html/plain-table.ts';
import { scoreScale } from '../html/scale.ts';
import { style } from '../html/style.ts';
import { formatBytes } from '../unlearning/format-bytes.ts';
import { formatPoints, formatPointsInterval, formatRate } from '../unlearning/format-rate.ts';
import { seedFigure } from '../unlearning/seed-figure.ts';
import type { TrainedRun, TrainingForReport } from './training-run.ts';

/** One self-contained HTML page about one plain training with one seed or several. */
export function trainingReport(training: TrainingForReport): string {
  const { runs } = training;
  const terms = lossTerms(runs.map(({ history }) => history));
  return page({
    title: training.title,
    style: style + curveStyle,
    body: html`<header>
        <p class="eyebrow">Fettle report</p>
        <h1>${named(training.title, 200)}</h1>
        <p class="subtitle lead">${sentence(runs)}</p>
      </header>
      <main>
        ${facts(training)}
        <section>
          <h2>Training</h2>
          ${lossLegend(terms)}
          <div class="panels">
            ${runs.map((run) => lossFigure(`Loss, ${run.name}`, [run.history], terms))} ${validationFigures(runs)}
            ${lineFigure({
              title: 'Learning rate',
              curves: runs.map((run, i) => ({ name: run.name, colour: seriesOf(i), points: run.learningRates })),
            })}
          </div>
        </section>
        <section>
          <h2>Models</h2>
          ${modelTable(runs)}
        </section>
        ${classSection(runs)}
        ${
          training.dataset.notes.length > 0 &&
          html`<section>
            <h2>Notes</h2>
            <ul class="plain">
              ${training.dataset.notes.map((note) => html`<li>${named(note, 1000)}</li>`)}
            </ul>
          </section>`
        }
      </main>
      <footer>
        Made by Fettle. Long curves are drawn as means of neighbouring steps; a circle marks the step whose weights were
        kept. Nothing on this page was fetched from elsewhere.
      </footer>`,
  });
}

const seriesOf = (i: number): string => `series-${i % 6}`;

function sentence(runs: readonly TrainedRun[]): Markup {
  const figure = seedFigure(
    runs.flatMap(({ seed, accuracy }) => (accuracy === null ? [] : { concept: '', seed, value: accuracy })),
    [0, 1],
  );
  const models = plural(runs.length, 'model');
  if (figure === null) return html`${models} trained; no test accuracy was measured.`;
  const interval = figure.interval === null ? '' : ` (95 % interval ${formatPointsInterval(figure.interval)})`;
  return html`Zero-shot accuracy on the test part <b>${formatRate(figure.mean)}</b>${interval} over ${models}.`;
}

function facts({ command, createdAt, dataset, runs, settings }: TrainingForReport): Markup {
  const [first] = runs;
  const devices = [...new Set(runs.map(({ device }) => device))];
  return html`${factsList([
    ['Data', dataset.name],
    ['Data hash', hashText(dataset.hash)],
    ['Parameters', first && formatInteger(first.parameters)],
    ['Trained', first && formatInteger(first.trainable)],
    ['Device', devices.join(', ')],
    ['Date', dateText(createdAt)],
    ['Training time', formatSeconds(runs.reduce((sum, { seconds }) => sum + seconds, 0))],
    ...Object.entries(settings ?? {}).map(([name, value]) => [name, String(value)] as const),
  ])}
  ${commandBlock(command)}`;
}

/** One panel for each metric, a line for each run. */
function validationFigures(runs: readonly TrainedRun[]): (Markup | null)[] {
  const names = new Set(runs.flatMap(({ validation }) => validation.flatMap(({ metrics }) => Object.keys(metrics))));
  return [...names].slice(0, 12).map((name) => {
    const curves = runs.map((run, i): Curve => ({
      name: run.name,
      colour: seriesOf(i),
      keptStep: run.keptStep,
      points: run.validation.map(({ step, metrics }) => ({ step, value: metrics[name] ?? null })),
    }));
    return lineFigure({ title: `Validation: ${name}`, curves });
  });
}

const modelTable = (runs: readonly TrainedRun[]): Markup =>
  plainTable(
    'Every trained model',
    [
      { title: 'Model' },
      { title: 'Test accuracy, %', number: true },
      { title: 'Steps', number: true },
      { title: 'Kept step', number: true },
      { title: 'Time', number: true },
      { title: 'Peak memory', number: true },
      { title: 'Ended' },
      { title: 'Weights' },
    ],
    runs.map((run) => ({
      cells: [
        named(run.name, 80),
        formatPoints(run.accuracy),
        formatInteger(run.steps),
        run.keptStep === null ? '—' : formatInteger(run.keptStep),
        formatSeconds(run.seconds),
        formatBytes(run.peakBytes),
        named(run.reason ?? 'at the last step', 120),
        hashText(run.weights),
      ],
    })),
  );

const shownClasses = 12;

/** The classes that are recognised least and most, means over runs. */
function classSection(runs: readonly TrainedRun[]): Markup | null {
  const counts = new Map<string, { correct: number; n: number }>();
  for (const { perClass } of runs) {
    for (const [name, { correct, n }] of Object.entries(perClass ?? {})) {
      const sum = counts.get(name) ?? { correct: 0, n: 0 };
      counts.set(name, { correct: sum.correct + correct, n: sum.n + n });
    }
  }
  const sorted = [...counts].filter(([, { n }]) => n > 0).toSorted(([, a], [, b]) => a.correct / a.n - b.correct / b.n);
  if (sorted.length === 0) return null;
  const few = sorted.length <= 2 * shownClasses;
  const shown = few ? sorted : [...sorted.slice(0, shownClasses), ...sorted.slice(-shownClasses)];
  const average = mean(sorted.map(([, { correct, n }]) => correct / n));
  return html`<section>
    <h2>Classes</h2>
    ${intervalFigure({
      title: few
        ? 'Accuracy by class.'
        : `The ${shownClasses} classes recognised least and the ${shownClasses} recognised most.`,
      note: `Dashed: mean over ${plural(sorted.length, 'class', 'classes')}. Lines are Wilson intervals over test items, all models together.`,
      scale: scoreScale([0, 1]),
      reference: average,
      rows: shown.map(([name, { correct, n }]) => {
        const { low, high } = wilsonInterval(correct, n);
        return {
          label: name,
          marks: [{ value: correct / n, interval: [low, high] }],
          text: html`${formatRate(correct / n)}
            <span class="muted">${formatInteger(correct)} of ${formatInteger(n)}</span>`,
          description: `${formatRate(correct / n)}, ${correct} of ${n}`,
        };
      }),
    })}
  </section>`;
}
