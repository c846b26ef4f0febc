import { usageError } from '../../core/index.ts';
import type { Arm, ArmOutcome, UnlearningExperiment } from './experiment.ts';
import {
  mainMeasureOf,
  measures,
  pairedOutcome,
  type MainMeasure,
  type Measured,
  type MeasureName,
} from './measure.ts';
import { seedFigure, type SeedFigure, type SeedValue } from './seed-figure.ts';
import { checkTargets, defaultTargets, type TargetCheck, type Targets } from './targets.ts';

export type FigureName = 'forget' | 'retain' | 'retainKept' | 'forgetGap' | 'retainGap' | MeasureName;

/** What one arm amounts to over all concepts and seeds. */
export interface ArmSummary {
  readonly arm: Arm;
  readonly outcomes: readonly ArmOutcome[];
  /**
   * `forget` and `retain` by the main measure; `retainKept`: retain over that before; gaps: less that of the model
   * retrained without the forget set, paired by concept and seed. Null where not measured.
   */
  readonly figures: Readonly<Record<FigureName, SeedFigure | null>>;
  /** One for each concept and seed; empty for the original model. */
  readonly checks: readonly TargetCheck[];
  /** Concepts and seeds that gave no model, and why. */
  readonly missing: readonly { readonly concept: string; readonly seed: number; readonly reason: string }[];
  /** Mean over outcomes. */
  readonly seconds: number | null;
  /** Most over outcomes. */
  readonly peakBytes: number | null;
}

export interface ArmsSummary {
  readonly measure: MainMeasure;
  readonly targets: Targets;
  readonly concepts: readonly string[];
  readonly seeds: readonly number[];
  /** All but those of a sweep. */
  readonly arms: readonly ArmSummary[];
  /** The method with one loss weight changed. */
  readonly sweep: readonly ArmSummary[];
  readonly original: ArmSummary | null;
  /** The arm that the report is about: of role `method`, else the last ablation row. */
  readonly method: ArmSummary | null;
  readonly goldStandard: ArmSummary | null;
}

const unit = [0, 1] as const;

/**
 * Means and 95 % intervals over seeds and concepts of every arm, whether each model reaches the targets, and why not.
 * Throws a usage error where outcomes name arms or concepts that the experiment does not list.
 */
export function summarizeArms(experiment: UnlearningExperiment, options: Partial<Targets> = {}): ArmsSummary {
  requireListed(experiment);
  const targets = { ...defaultTargets, ...options };
  const measure = mainMeasureOf(experiment);
  const concepts = experiment.concepts.map(({ name }) => name);
  const trained = new Set(experiment.arms.filter(({ role }) => role !== 'original').map(({ name }) => name));
  const attempts = [...experiment.outcomes, ...(experiment.failures ?? [])];
  const seeds = [...new Set(attempts.filter(({ arm }) => trained.has(arm)).map(({ seed }) => seed))].toSorted(
    (a, b) => a - b,
  );
  const outcomesOf = (role: Arm['role']): ArmOutcome[] => {
    const names = new Set(experiment.arms.filter((arm) => arm.role === role).map(({ name }) => name));
    return experiment.outcomes.filter(({ arm }) => names.has(arm));
  };
  const before = outcomesOf('original');
  const retrained = outcomesOf('gold-standard');

  const summarizeArm = (arm: Arm): ArmSummary => {
    const outcomes = experiment.outcomes.filter((outcome) => outcome.arm === arm.name);
    const figure = (read: (outcome: ArmOutcome) => Measured | null, range?: readonly [number, number]) =>
      seedFigure(
        outcomes.flatMap((outcome): SeedValue[] => {
          const found = read(outcome);
          return found === null ? [] : [{ concept: outcome.concept, seed: outcome.seed, ...found }];
        }),
        range,
      );
    const main = (outcome: ArmOutcome | undefined, set: 'forget' | 'retain'): number | null =>
      outcome === undefined ? null : (measure.of(outcome.measures, set)?.value ?? null);
    const gap = (set: 'forget' | 'retain') =>
      arm.role === 'gold-standard'
        ? null
        : figure((outcome) => less(main(outcome, set), main(exact(retrained, outcome), set)));
    const own = Object.fromEntries(
      Object.entries(measures).map(([name, read]) => [
        name,
        figure(({ measures: found }) => read(found), name.startsWith('cosine') ? [-1, 1] : unit),
      ]),
    ) as Record<MeasureName, SeedFigure | null>;
    const checks =
      arm.role === 'original'
        ? []
        : outcomes.map((outcome) => {
            const first = pairedOutcome(before, outcome);
            return checkTargets(
              {
                concept: outcome.concept,
                seed: outcome.seed,
                forgetBefore: main(first, 'forget'),
                forget: main(outcome, 'forget'),
                retainBefore: main(first, 'retain'),
                retain: main(outcome, 'retain'),
              },
              targets,
            );
          });
    return {
      arm,
      outcomes,
      figures: {
        ...own,
        forget: figure(({ measures: found }) => measure.of(found, 'forget'), unit),
        retain: figure(({ measures: found }) => measure.of(found, 'retain'), unit),
        retainKept: seedFigure(
          checks.flatMap(({ concept, seed, retainKept }) =>
            retainKept === null ? [] : { concept, seed, value: retainKept },
          ),
        ),
        forgetGap: gap('forget'),
        retainGap: gap('retain'),
      },
      checks,
      missing: missingOf(experiment, arm, outcomes, seeds),
      seconds: outcomes.length === 0 ? null : outcomes.reduce((sum, { seconds }) => sum + seconds, 0) / outcomes.length,
      peakBytes: outcomes.length === 0 ? null : Math.max(...outcomes.map(({ peakBytes }) => peakBytes)),
    };
  };

  const all = experiment.arms.map(summarizeArm);
  const arms = all.filter(({ arm }) => arm.role !== 'sweep');
  const of = (role: Arm['role']): ArmSummary | undefined => arms.find(({ arm }) => arm.role === role);
  return {
    measure,
    targets,
    concepts,
    seeds,
    arms,
    sweep: all.filter(({ arm }) => arm.role === 'sweep'),
    original: of('original') ?? null,
    method: of('method') ?? arms.findLast(({ arm }) => arm.role === 'ablation') ?? null,
    goldStandard: of('gold-standard') ?? null,
  };
}

const exact = (outcomes: readonly ArmOutcome[], { concept, seed }: ArmOutcome): ArmOutcome | undefined =>
  outcomes.find((outcome) => outcome.concept === concept && outcome.seed === seed);

const less = (value: number | null, other: number | null): Measured | null =>
  value === null || other === null ? null : { value: value - other };

/** An untouched model is the same for every seed, so it lacks only concepts. */
function missingOf(
  experiment: UnlearningExperiment,
  arm: Arm,
  outcomes: readonly ArmOutcome[],
  seeds: readonly number[],
): ArmSummary['missing'] {
  const missing = [];
  for (const { name: concept } of experiment.concepts) {
    for (const seed of seeds) {
      const found = outcomes.some(
        (outcome) => outcome.concept === concept && (outcome.seed === seed || arm.role === 'original'),
      );
      if (found) continue;
      const failure = experiment.failures?.find(
        (entry) => entry.arm === arm.name && entry.concept === concept && entry.seed === seed,
      );
      missing.push({ concept, seed, reason: failure?.reason ?? 'not run' });
    }
  }
  return missing;
}

function requireListed(experiment: UnlearningExperiment): void {
  const arms = new Set(experiment.arms.map(({ name }) => name));
  const concepts = new Set(experiment.concepts.map(({ name }) => name));
  for (const { arm, concept } of [...experiment.outcomes, ...(experiment.failures ?? [])]) {
    if (!arms.has(arm)) throw usageError(`an outcome names the arm "${arm.slice(0, 100)}", which the experiment lacks`);
    if (!concepts.has(concept))
      throw usageError(`an outcome names the concept "${concept.slice(0, 100)}", which the experiment lacks`);
  }
}
