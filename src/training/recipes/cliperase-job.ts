import type { ClipJobInput, CliperaseJobInput } from '../../engine/index.ts';
import type { ArmDefinition } from './arms.ts';
import { type JobData, mutable } from './clip-job.ts';
import type { CliperaseConfig } from './cliperase-config.ts';
import { runtimeOf } from './runtime-fields.ts';

interface Place {
  readonly seed: number;
  readonly out: string;
  /** Checkpoint folder that the job starts from. */
  readonly model: string;
  /** Where frozen features are kept between jobs. */
  readonly cache: string;
}

/** The engine's job for one unlearning arm. */
export function cliperaseJob(
  config: CliperaseConfig,
  arm: ArmDefinition,
  data: JobData,
  place: Place,
): CliperaseJobInput {
  if (arm.objective === null) throw new Error(`the arm ${arm.name} is no unlearning job`);
  return {
    v: 1,
    kind: 'cliperase',
    seed: place.seed,
    out: place.out,
    cache: place.cache,
    data: { pairs: data.pairs, sets: data.sets },
    model: { path: place.model },
    objective: arm.objective(config),
    steps: config.steps,
    batch: config.batch,
    optimizer: {
      name: config.optimizer,
      learningRate: config.learningRate,
      betas: [0.9, 0.98],
      weightDecay: config.weightDecay,
    },
    trainable: config.trainable,
    trainLogitScale: config.trainLogitScale,
    microBatches: config.microBatches,
    ...runtimeOf(config),
    evaluate: {
      everySteps: Math.max(1, Math.round(config.steps / config.evaluations)),
      classTexts: mutable(data.classTexts),
    },
    keep: config.keep,
    stop: { forgetAtMost: config.forgetAtMost, retainAtLeast: config.retainAtLeast, early: config.early },
    save: { everySteps: Math.max(50, Math.ceil(config.steps / 4)), keep: 1 },
    log: { everySteps: Math.max(1, Math.min(10, Math.round(config.steps / 60))) },
  };
}

/**
 * The job that measures how soon an unlearned model learns the forget set again: contrastive training on it alone,
 * from the unlearned weights, until the accuracy on its validation items is at least `accuracy`.
 */
export function relearnJob(
  config: CliperaseConfig,
  data: JobData,
  place: Omit<Place, 'cache'>,
  accuracy: number,
): ClipJobInput {
  return {
    v: 1,
    kind: 'clip',
    seed: place.seed,
    out: place.out,
    data: { pairs: data.pairs, sets: data.sets },
    model: { path: place.model },
    steps: config.relearnSteps,
    batch: { items: config.batch.forget + config.batch.retain },
    optimizer: { name: 'adam', learningRate: config.learningRate, betas: [0.9, 0.98] },
    ...runtimeOf(config),
    evaluate: { everySteps: 1, classTexts: mutable(data.classTexts) },
    stopAt: { set: 'forget-validation', accuracy },
    keep: 'last',
    save: { everySteps: null, keep: 1 },
    log: { everySteps: 5 },
  };
}
