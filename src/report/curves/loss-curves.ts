import { html, type Markup, named } from '../html/markup.ts';
import { type Curve, lineFigure, meanCurve } from './line-figure.ts';

interface LossPoint {
  readonly step: number;
  readonly loss: number | null;
  readonly losses: Readonly<Record<string, number | null>>;
}

const colours = ['series-1', 'series-0', 'series-2', 'series-3', 'series-4', 'series-5'] as const;
const mostTerms = 6;

/** Names of loss terms in a fixed order, the same colour everywhere on a page. */
export function lossTerms(histories: readonly (readonly LossPoint[])[]): string[] {
  const names = new Set<string>();
  for (const history of histories)
    for (const { losses } of history) for (const name of Object.keys(losses)) names.add(name);
  names.delete('loss');
  return [...names].slice(0, mostTerms);
}

/** Total and terms of one kind of training: means over runs, each run's total thin behind. Null without history. */
export function lossFigure(
  title: string,
  histories: readonly (readonly LossPoint[])[],
  terms: readonly string[],
): Markup | null {
  const total = histories.map((history) => history.map(({ step, loss }) => ({ step, value: loss })));
  const present = terms.filter((name) =>
    histories.some((history) => history.some(({ losses }) => Object.hasOwn(losses, name))),
  );
  const termCurves = present.map((name): Curve => ({
    name,
    colour: colours[terms.indexOf(name) % colours.length] as string,
    points: meanCurve(
      histories.map((history) => history.map(({ step, losses }) => ({ step, value: losses[name] ?? null }))),
    ),
  }));
  return lineFigure({
    title,
    curves: [
      ...(total.length > 1
        ? total.map((points): Curve => ({ name: 'run', colour: 'series-ink', points, thin: true }))
        : []),
      // A single term is the total.
      ...(present.length > 1 ? termCurves : []),
      { name: 'total', colour: 'series-ink', points: meanCurve(total) },
    ],
  });
}

export function lossLegend(terms: readonly string[]): Markup {
  const shown = terms.length > 1 ? terms : [];
  return html`<ul class="legend">
    <li><span class="key-line series-ink"></span>total</li>
    ${shown.map((name, i) => html`<li><span class="key-line ${colours[i % colours.length]}"></span>${named(name, 40)}</li>`)}
  </ul>`;
}
