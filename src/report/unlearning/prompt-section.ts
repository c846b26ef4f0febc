import { mean } from '../../metrics/index.ts';
import { plural } from '../format.ts';
import { html, type Markup, named } from '../html/markup.ts';
import { plainTable } from '../html/plain-table.ts';
import { formatPoints, formatRate } from './format-rate.ts';
import { rateOf } from './measure.ts';
import type { ArmsSummary, ArmSummary } from './summarize-arms.ts';

const mostPrompts = 60;

/** Whether other templates and synonyms bring the concept back: hidden, or gone. Null where none were tried. */
export function promptSection({ original, method, goldStandard }: ArmsSummary): Markup | null {
  const arms = [original, method, goldStandard].filter((arm) => arm !== null);
  const names = [
    ...new Set(
      arms.flatMap(({ outcomes }) => outcomes.flatMap(({ measures }) => Object.keys(measures.zeroShot?.prompts ?? {}))),
    ),
  ];
  if (names.length === 0) return null;
  const highest = names
    .map((name) => ({ name, rate: method && rateFor(method, name, 'forget') }))
    .reduce<{ name: string; rate: number } | null>(
      (most, { name, rate }) => (rate !== null && (most === null || rate > most.rate) ? { name, rate } : most),
      null,
    );
  return html`<section>
    <h2>Other prompts and synonyms</h2>
    <p class="lead">
      A concept that is hidden comes back under other words; one that is gone does not.
      ${
        highest !== null &&
        method !== null &&
        html`Most of it that ${named(method.arm.title)} shows under any of ${plural(names.length, 'prompt')}:
          <b>${formatRate(highest.rate)}</b> (${named(highest.name)}); with the prompt of training
          ${formatRate(method.figures.forget?.mean)}.`
      }
    </p>
    ${plainTable(
      'Zero-shot accuracy, %: means over concepts and seeds',
      [
        { title: 'Prompt' },
        ...arms.flatMap(({ arm }) =>
          (['forget', 'retain'] as const).map((set) => ({ title: `${roleNames[arm.role]}, ${set}`, number: true })),
        ),
      ],
      names.slice(0, mostPrompts).map((name) => ({
        cells: [
          named(name),
          ...arms.flatMap((arm) => (['forget', 'retain'] as const).map((set) => formatPoints(rateFor(arm, name, set)))),
        ],
      })),
    )}
    ${names.length > mostPrompts && html`<p class="muted">and ${plural(names.length - mostPrompts, 'further prompt')}</p>`}
  </section>`;
}

const roleNames = {
  original: 'Before',
  method: 'After',
  ablation: 'After',
  baseline: 'After',
  sweep: 'After',
  'gold-standard': 'Retrained',
} as const;

function rateFor({ outcomes }: ArmSummary, prompt: string, set: 'forget' | 'retain'): number | null {
  const rates = outcomes.flatMap(({ measures }) => {
    const prompts = measures.zeroShot?.prompts;
    if (prompts === undefined || !Object.hasOwn(prompts, prompt)) return [];
    return rateOf(prompts[prompt]?.[set])?.value ?? [];
  });
  return rates.length === 0 ? null : mean(rates);
}
