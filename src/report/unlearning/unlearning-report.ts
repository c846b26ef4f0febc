import { curveStyle } from '../curves/curve-style.ts';
import { formatInteger, formatSeconds, plural } from '../format.ts';
import { commandBlock, dateText, factsList, hashText } from '../html/facts-list.ts';
import { html, type Markup, named } from '../html/markup.ts';
import { page } from '../html/page.ts';
import { plainTable } from '../html/plain-table.ts';
import { style } from '../html/style.ts';
import { ablationRows, baselineRows, intervalSentence } from './arm-rows.ts';
import { armTable } from './arm-table-section.ts';
import { classSection } from './class-section.ts';
import { curveSection } from './curve-section.ts';
import type { UnlearningExperiment } from './experiment.ts';
import { formatPointsInterval, formatRate } from './format-rate.ts';
import { nearFarSection, retrievalSection, traceSection } from './measure-sections.ts';
import { promptSection } from './prompt-section.ts';
import { summarizeArms, type ArmsSummary } from './summarize-arms.ts';
import { sweepSection } from './sweep-section.ts';
import { tradeOffFigure } from './trade-off-figure.ts';
import { unlearningStyle } from './unlearning-style.ts';

/**
 * One self-contained HTML page about one unlearning experiment: no request leaves it and no script runs on it.
 * Throws a usage error where outcomes name arms or concepts that the experiment does not list.
 */
export function unlearningReport(experiment: UnlearningExperiment): string {
  const summary = summarizeArms(experiment);
  const baselines = baselineRows(summary);
  return page({
    title: experiment.title,
    style: style + curveStyle + unlearningStyle,
    body: html`<header>
        <p class="eyebrow">Fettle report</p>
        <h1>${named(experiment.title, 200)}</h1>
        <p class="subtitle lead">${sentence(summary)}</p>
      </header>
      <main>
        ${facts(experiment, summary)}
        <section>
          <h2>Forgetting and utility</h2>
          ${tradeOffFigure(summary)} ${armTable(experiment, summary, ablationRows(summary), 'Ablation')}
          ${baselines.length > 0 && armTable(experiment, summary, baselines, 'Baselines, and the model retrained without the forget set')}
          ${missed(summary)}
        </section>
        ${sweepSection(experiment, summary)} ${retrievalSection(summary)} ${nearFarSection(summary)}
        ${classSection(experiment, summary)} ${promptSection(summary)} ${traceSection(summary)} ${curveSection(summary)}
        ${settingsSection(experiment)} ${method(summary)}
      </main>
      <footer>
        Made by Fettle. Figures are computed from the stored results of the experiment; nothing on this page was fetched
        from elsewhere.
      </footer>`,
  });
}

function sentence({ method, original, goldStandard, measure, concepts, seeds }: ArmsSummary): Markup {
  const scope = `${plural(concepts.length, 'concept')}, ${plural(seeds.length, 'seed')}`;
  if (method === null || method.figures.forget === null) return html`No model was trained to forget (${scope}).`;
  const { forget, retain } = method.figures;
  const from = (before: number | undefined): string => (before === undefined ? '' : ` from ${formatRate(before)}`);
  const interval = (range: readonly [number, number] | null | undefined): string =>
    range === null || range === undefined ? '' : ` (95 % interval ${formatPointsInterval(range)})`;
  const gold = goldStandard?.figures;
  return html`${named(method.arm.title)} takes ${measure.name} of what is to be
    forgotten${from(original?.figures.forget?.mean)} to <b>${formatRate(forget.mean)}</b>${interval(forget.interval)},
    and of the rest${from(original?.figures.retain?.mean)} to
    <b>${formatRate(retain?.mean)}</b>${interval(retain?.interval)}.
    ${
      gold?.forget &&
      html`A model trained without the forget set has ${formatRate(gold.forget.mean)} and
      ${formatRate(gold.retain?.mean)}.`
    }
    ${scope}.`;
}

function facts(experiment: UnlearningExperiment, { concepts, seeds, measure }: ArmsSummary): Markup {
  const { dataset, model, device, versions, command, createdAt, outcomes } = experiment;
  return html`${factsList([
    ['To forget', concepts.join(', ')],
    ['Seeds', seeds.join(', ')],
    ['Measure', measure.name],
    ['Model', model.name],
    ['Parameters', formatInteger(model.parameters)],
    ['Trained weights', model.trainable],
    ['Data', dataset.name],
    [
      'Items',
      `${formatInteger(dataset.items)}${dataset.classes === null ? '' : ` of ${plural(dataset.classes, 'class', 'classes')}`}`,
    ],
    ['Data hash', hashText(dataset.hash)],
    ['Device', device],
    ['Training time', formatSeconds(outcomes.reduce((sum, { seconds }) => sum + seconds, 0))],
    [
      'Versions',
      Object.entries(versions)
        .map(([name, version]) => `${name} ${version}`)
        .join(', '),
    ],
    ['Date', dateText(createdAt)],
  ])}
  ${commandBlock(command)}`;
}

const mostReasons = 12;

/** Models of the method that miss the targets, and trainings without a model. */
function missed({ method, arms: own, sweep }: ArmsSummary): Markup | null {
  const arms = [...own, ...sweep];
  const failed = method?.checks.filter(({ holds }) => !holds) ?? [];
  const missing = arms.flatMap(({ arm, missing: entries }) => entries.map((entry) => ({ ...entry, arm: arm.title })));
  if (failed.length + missing.length === 0) return null;
  const rest = Math.max(0, failed.length - mostReasons) + Math.max(0, missing.length - mostReasons);
  return html`<h3>Missed</h3>
    <ul class="warnings">
      ${failed.slice(0, mostReasons).map(({ concept, seed, reasons }) => html`<li>${named(concept)}, seed ${seed}: ${reasons.join('; ')}</li>`)}
      ${missing.slice(0, mostReasons).map(({ arm, concept, seed, reason }) => html`<li>No model: ${named(arm)}, ${named(concept)}, seed ${seed}: ${named(reason, 300)}</li>`)}
      ${rest > 0 && html`<li>and ${formatInteger(rest)} more</li>`}
    </ul>`;
}

function settingsSection({ settings, concepts, dataset, notes, outcomes }: UnlearningExperiment): Markup {
  const remarks = [...new Set([...notes, ...dataset.notes, ...outcomes.flatMap((outcome) => outcome.notes)])];
  const parts = ['train', 'validation', 'test'] as const;
  return html`<section>
    <h2>Settings and data</h2>
    ${factsList(Object.entries(settings).map(([name, value]) => [name, String(value ?? 'none')] as const))}
    ${plainTable(
      'Items by set and part',
      [
        { title: 'Concept' },
        { title: 'Rule' },
        ...(['Forget', 'Retain'] as const).flatMap((set) =>
          parts.map((part) => ({ title: `${set}, ${part}`, number: true })),
        ),
        { title: 'Near classes' },
      ],
      concepts.map(({ name, rule, counts, near }) => ({
        cells: [
          named(name),
          named(rule),
          ...(['forget', 'retain'] as const).flatMap((set) => parts.map((part) => formatInteger(counts[set][part]))),
          named(near.join(', ')),
        ],
      })),
    )}
    ${
      remarks.length > 0 &&
      html`<h3>Notes</h3>
        <ul class="plain">
          ${remarks.slice(0, 40).map((note) => html`<li>${named(note, 1000)}</li>`)}
        </ul>`
    }
  </section>`;
}

const method = (summary: ArmsSummary): Markup =>
  html`<section>
    <h2>How figures are made</h2>
    <p class="muted small">
      Forget and retain: ${summary.measure.name} on test items that no training saw, of what is to be forgotten and of
      the rest. Retain kept: retain after over retain before. Targets: forget at most
      ${formatRate(summary.targets.forgetAtMost)}, retain kept at least
      ${formatRate(summary.targets.retainKeptAtLeast)}, for each concept and seed by itself. Time is the mean and memory
      the most over trainings.
    </p>
    <p class="muted small">${intervalSentence(summary)}</p>
  </section>`;
