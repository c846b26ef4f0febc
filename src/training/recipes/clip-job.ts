import type { ClipJobInput } from '../../engine/index.ts';
import { architectures } from './architecture.ts';
import type { ClipConfig } from './clip-config.ts';
import { runtimeOf } from './runtime-fields.ts';

export interface JobData {
  /** The pairs folder. */
  readonly pairs: string;
  /** The sets.json of this job. */
  readonly sets: string;
  /** Class → rows of texts.jsonl that stand for it; null where items have captions alone. */
  readonly classTexts: Readonly<Record<string, readonly number[]>> | null;
}

/**
 * The engine's job for training a compact CLIP from scratch on the set `train` of `trainItems` items.
 * `validation` says whether there is a set of that name to measure accuracy on.
 */
export function clipJob(
  config: ClipConfig,
  data: JobData,
  job: { readonly seed: number; readonly out: string; readonly trainItems: number; readonly validation: boolean },
): ClipJobInput {
  const { architecture } = config;
  const batch = Math.min(config.batch, job.trainItems);
  const steps = Math.max(1, Math.round((config.epochs * job.trainItems) / batch));
  return {
    v: 1,
    kind: 'clip',
    seed: job.seed,
    out: job.out,
    data: { pairs: data.pairs, sets: data.sets },
    model: { architecture: typeof architecture === 'string' ? architectures[architecture] : architecture },
    steps,
    batch: { items: batch },
    optimizer: {
      name: 'adamw',
      learningRate: config.learningRate,
      betas: [0.9, 0.98],
      weightDecay: config.weightDecay,
      clip: 1,
      warmupSteps: Math.round(config.warmup * steps),
      schedule: 'cosine',
    },
    augment: config.augment,
    labelSmoothing: config.labelSmoothing,
    microBatches: config.microBatches,
    ...runtimeOf(config),
    evaluate: job.validation
      ? { everySteps: Math.max(1, Math.round(steps / 20)), classTexts: mutable(data.classTexts) }
      : null,
    keep: job.validation ? config.keep : 'last',
    save: { everySteps: Math.max(1, Math.ceil(steps / config.checkpoints)), keep: 1 },
    log: { everySteps: Math.max(1, Math.min(20, Math.round(steps / 200))) },
  };
}

/** The schema's types hold plain arrays. */
export function mutable(
  classTexts: Readonly<Record<string, readonly number[]>> | null,
): Record<string, number[]> | null {
  if (classTexts === null) return null;
  return Object.fromEntries(Object.entries(classTexts).map(([name, rows]) => [name, [...rows]]));
}
