import { mean } from '../../metrics/index.ts';
import { plural } from '../format.ts';
import { intervalFigure } from '../html/interval-figure.ts';
import { html, type Markup, named } from '../html/markup.ts';
import { differenceScale } from '../html/scale.ts';
import { shortName } from '../html/visible-text.ts';
import type { UnlearningExperiment } from './experiment.ts';
import { formatPoints, formatPointsDifference } from './format-rate.ts';
import { pairedOutcome, rateOf } from './measure.ts';
import type { ArmsSummary, ArmSummary } from './summarize-arms.ts';

interface ClassChange {
  readonly name: string;
  readonly before: number;
  readonly after: number;
  readonly change: number;
  readonly near: boolean;
}

const mostConcepts = 12;
const mostShown = 16;
const mostNear = 12;

/** How the accuracy of single classes changes by the method, for each concept. Null without classes. */
export function classSection({ concepts }: UnlearningExperiment, summary: ArmsSummary): Markup | null {
  const { method, original } = summary;
  if (method === null || original === null) return null;
  const figures = concepts.slice(0, mostConcepts).flatMap(({ name, near }) => {
    const changes = classChanges(name, new Set(near), method, original);
    return changes.length === 0 ? [] : [figureOf(name, changes)];
  });
  if (figures.length === 0) return null;
  return html`<section>
    <h2>Classes</h2>
    <p class="lead">
      Change of accuracy by ${named(method.arm.title)} in points, mean over seeds. Near: of the same superclass as what
      is forgotten.
    </p>
    <div class="small-multiples class-changes">${figures}</div>
    ${concepts.length > mostConcepts && html`<p class="muted">and ${plural(concepts.length - mostConcepts, 'further concept')}</p>`}
  </section>`;
}

function classChanges(
  concept: string,
  near: ReadonlySet<string>,
  method: ArmSummary,
  original: ArmSummary,
): ClassChange[] {
  const rates = new Map<string, { before: number[]; after: number[] }>();
  for (const outcome of method.outcomes) {
    if (outcome.concept !== concept) continue;
    const first = pairedOutcome(original.outcomes, outcome)?.measures.zeroShot?.perClass;
    for (const [name, proportion] of Object.entries(outcome.measures.zeroShot?.perClass ?? {})) {
      const after = rateOf(proportion)?.value;
      const before = first !== undefined && Object.hasOwn(first, name) ? rateOf(first[name])?.value : undefined;
      if (after === undefined || before === undefined) continue;
      const entry = rates.get(name) ?? { before: [], after: [] };
      entry.before.push(before);
      entry.after.push(after);
      rates.set(name, entry);
    }
  }
  return [...rates]
    .map(([name, values]) => {
      const [before, after] = [mean(values.before), mean(values.after)];
      return { name, before, after, change: after - before, near: near.has(name) };
    })
    .toSorted((a, b) => a.change - b.change);
}

function figureOf(concept: string, all: readonly ClassChange[]): Markup {
  // What is forgotten would squeeze all else into the middle of the axis.
  const forgotten = all.filter(({ name }) => name === concept || concept.split(/\s*[,+]\s*/).includes(name));
  const changes = forgotten.length === all.length ? all : all.filter((entry) => !forgotten.includes(entry));
  const largest = changes.toSorted((a, b) => Math.abs(b.change) - Math.abs(a.change)).slice(0, mostShown);
  const nearest = changes.filter(({ near }) => near).slice(0, mostNear);
  const shown = changes.filter((entry) => largest.includes(entry) || nearest.includes(entry));
  const rest = changes.filter((entry) => !shown.includes(entry));
  return intervalFigure({
    title: shortName(`Forgetting ${concept}.`, 80),
    note: noteOf(forgotten, rest),
    scale: differenceScale(shown.map(({ change }) => change * 100)),
    reference: 0,
    rows: shown.map(({ name, before, after, change, near }) => ({
      label: name,
      marks: [{ value: change * 100, interval: null, series: near ? 1 : 0 }],
      text: html`<b>${formatPointsDifference(change)}</b> ${near && html`<span class="near">near</span>`}`,
      description: `${shortName(name, 60)}${near ? ' (near)' : ''}: from ${formatPoints(before)} to ${formatPoints(after)} percent`,
    })),
  });
}

function noteOf(forgotten: readonly ClassChange[], rest: readonly ClassChange[]): string {
  const own = forgotten
    .slice(0, 6)
    .map(({ name, before, after }) => `${shortName(name, 40)}: ${formatPoints(before)} to ${formatPoints(after)} %. `)
    .join('');
  if (rest.length === 0) return `${own}All other classes:`;
  const most = Math.max(...rest.map(({ change }) => Math.abs(change)));
  return `${own}Largest changes and near classes; ${plural(rest.length, 'further class', 'further classes')} within ±${formatPoints(most)}.`;
}
