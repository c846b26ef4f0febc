import type { ArmOutcome, UnlearningExperiment } from '../../report/index.ts';
import { type ArmDefinition, lossModules, type Sets } from '../../training/index.ts';
import type { ArmOutcomes } from './arm-unit.ts';
import type { ExperimentConfig } from './experiment-config.ts';
import { retrainedDistance } from './judge-model.ts';
import type { PreparedData } from './prepare-data.ts';
import { publishedAblation } from './published.ts';

/** What is known of the machine and the models once the parts are made. */
export interface ExperimentFacts {
  readonly parameters: number;
  readonly device: string;
  readonly versions: Readonly<Record<string, string>>;
}

/** Joins everything that the reports of an experiment are made from. */
export function assembleExperiment(parts: {
  readonly config: ExperimentConfig;
  readonly data: PreparedData;
  readonly modelName: string;
  readonly arms: readonly ArmDefinition[];
  readonly outcomes: ArmOutcomes;
  readonly facts: ExperimentFacts;
  readonly notes: readonly string[];
  readonly command: string;
}): UnlearningExperiment {
  const { config, data, modelName, facts } = parts;
  const { items, concepts, classes, name, hash, notes } = data;
  return {
    title: `Unlearning ${concepts.map((concept) => concept.name).join(', ')} from ${modelName}`,
    command: parts.command,
    createdAt: Date.now(),
    dataset: { name, items: items.length, classes: classes?.length ?? null, hash, notes },
    model: { name: modelName, parameters: facts.parameters, trainable: config.cliperase.trainable.kind },
    device: facts.device,
    versions: facts.versions,
    concepts: concepts.map((concept) => ({
      name: concept.name,
      rule: concept.rule,
      counts: { forget: counts(concept.sets, 'forget'), retain: counts(concept.sets, 'retain') },
      near: concept.near,
    })),
    arms: parts.arms.map(({ name: arm, title, role, sweep }) => ({
      name: arm,
      title,
      role,
      ...(sweep === undefined ? {} : { sweep }),
    })),
    lossWeights: {
      forgetting: config.cliperase.forgetting.weight,
      retention: config.cliperase.retention.weight,
      consistency: config.cliperase.consistency.weight,
    },
    outcomes: outcomesBesideGold(parts.outcomes, parts.arms, config.seeds, concepts),
    settings: settingsOf(config),
    published: publishedAblation,
    notes: parts.notes,
  };
}

/** Every outcome in the order of the tables, with its distance to the model that never saw the forget set. */
function outcomesBesideGold(
  outcomes: ArmOutcomes,
  definitions: readonly ArmDefinition[],
  seeds: readonly number[],
  concepts: PreparedData['concepts'],
): ArmOutcome[] {
  const arms = definitions.map(({ name }) => name);
  const names = concepts.map(({ name }) => name);
  const sorted = outcomes
    .all()
    .toSorted(
      ({ outcome: a }, { outcome: b }) =>
        arms.indexOf(a.arm) - arms.indexOf(b.arm) ||
        seeds.indexOf(a.seed) - seeds.indexOf(b.seed) ||
        names.indexOf(a.concept) - names.indexOf(b.concept),
    );
  return sorted.map(({ outcome, judgement }) => {
    const gold = outcomes.of({ ...outcome, arm: 'retrained' })?.judgement;
    if (gold === undefined || outcome.arm === 'retrained') return outcome;
    return { ...outcome, measures: { ...outcome.measures, toRetrained: retrainedDistance(judgement, gold) } };
  });
}

function settingsOf({ model, seeds, clip, cliperase, sweep }: ExperimentConfig): UnlearningExperiment['settings'] {
  return {
    seeds: seeds.join(', '),
    steps: cliperase.steps,
    'learning rate': cliperase.learningRate,
    'forget pairs a step': cliperase.batch.forget,
    'retain pairs a step': cliperase.batch.retain,
    forgetting: `${cliperase.forgetting.weight} x ${cliperase.forgetting.form}`,
    retention: `${cliperase.retention.weight} x contrastive, ${cliperase.retention.positives} positives`,
    consistency: `${cliperase.consistency.weight} x ${cliperase.consistency.form}`,
    ...Object.fromEntries(
      lossModules.flatMap((module) => {
        const weights = sweep[module];
        return weights === undefined ? [] : [[`${module} weights tried`, weights.join(', ')]];
      }),
    ),
    'kept weights': cliperase.keep,
    ...(model === null
      ? {
          'epochs of the original': clip.epochs,
          'batch of the original': clip.batch,
          'learning rate of the original': clip.learningRate,
        }
      : {}),
  };
}

function counts(sets: Sets, side: 'forget' | 'retain'): Record<'train' | 'validation' | 'test', number> {
  const n = (part: string): number => sets[`${side}-${part}`]?.length ?? 0;
  return { train: n('train'), validation: n('validation'), test: n('test') };
}
