import { type Curve, lineFigure, meanCurve } from '../curves/line-figure.ts';
import { lossFigure, lossLegend, lossTerms } from '../curves/loss-curves.ts';
import { html, type Markup } from '../html/markup.ts';
import type { ArmOutcome } from './experiment.ts';
import { formatPoints } from './format-rate.ts';
import { expenseTable } from './measure-sections.ts';
import type { ArmsSummary, ArmSummary } from './summarize-arms.ts';

/** Losses and validation figures while training, a panel for each arm. Null where nothing was trained. */
export function curveSection(summary: ArmsSummary): Markup | null {
  const { arms } = summary;
  const trained = arms.filter(({ outcomes }) => outcomes.some(({ history }) => history.length > 0));
  if (trained.length === 0) return null;
  const terms = lossTerms(trained.flatMap(({ outcomes }) => outcomes.map(({ history }) => history)));
  const validated = trained.flatMap((arm) => validationFigure(arm) ?? []);
  return html`<section>
    <h2>Training</h2>
    <h3>Losses by step</h3>
    ${lossLegend(terms)}
    <div class="panels">
      ${trained.map(({ arm, outcomes }) =>
        lossFigure(
          arm.title,
          outcomes.map(({ history }) => history),
          terms,
        ),
      )}
    </div>
    ${
      validated.length > 0 &&
      html`<h3>Validation by step, %</h3>
        <ul class="legend">
          <li><span class="key-line series-1"></span>forget</li>
          <li><span class="key-line series-0"></span>retain</li>
          <li><span class="key-kept"></span>weights kept</li>
        </ul>
        <div class="panels">${validated}</div>`
    }
    <p class="muted small">
      Bold lines are means over concepts and seeds, thin lines single trainings. Long curves are drawn as means of
      neighbouring steps.
    </p>
    ${expenseTable(summary)}
  </section>`;
}

function validationFigure({ arm, outcomes }: ArmSummary): Markup | null {
  const curvesOf = (side: 'forget' | 'retain', colour: string): Curve[] => {
    const runs = outcomes.map((outcome) => ({ points: pointsOf(outcome, side), keptStep: outcome.keptStep }));
    return [
      ...runs.map(({ points, keptStep }): Curve => ({ name: side, colour, points, keptStep, thin: true })),
      { name: side, colour, points: meanCurve(runs.map(({ points }) => points)) },
    ];
  };
  return lineFigure({
    title: arm.title,
    curves: [...curvesOf('retain', 'series-0'), ...curvesOf('forget', 'series-1')],
    domain: [0, 1],
    format: (value) => formatPoints(value, 0),
  });
}

const pointsOf = ({ validation }: ArmOutcome, side: 'forget' | 'retain') =>
  validation.map((point) => ({ step: point.step, value: point[side] }));
