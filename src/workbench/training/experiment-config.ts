import { z } from 'zod';
import { armNames, clipConfigSchema, cliperaseConfigSchema, sweepSchema } from '../../training/index.ts';

/** Templates that evaluation adds to the one that models were trained with, to tell hidden from gone. */
export const probeTemplates = ['{}', 'a picture of a {}.', 'a drawing of the {}.', 'there is a {} here.'];

/** Where pictures come from and how they become training pairs. */
export const dataConfigSchema = z.strictObject({
  /** Folder, archive or file that `openImageSet` reads; null for pictures drawn by Fettle. */
  data: z.string().nullable().default(null),
  /** Class folders or captions, where the data holds both; follows the forget rules where absent. */
  form: z.enum(['classes', 'captions']).optional(),
  /** Text of an item of a class; `{}` stands for the class. */
  template: z.string().includes('{}').default('a photo of a {}.'),
  /** Side of the pictures in pixels; that of the model where absent. */
  size: z.int().min(8).max(1024).optional(),
  /** Share of the training items that validation takes, where the data has no validation part. */
  validation: z.number().gt(0).lt(1).default(0.1),
  /** Share of the items that the test takes, where the data has no test part. */
  test: z.number().gt(0).lt(1).default(0.2),
  /** Seed of the splits; the same for every seed of the training. */
  splitSeed: z.int().default(0),
  /** What happens to a picture that lies in two parts of the data. */
  duplicates: z.enum(['refuse', 'drop']).default('drop'),
  /** Pictures a class and part, where Fettle draws them. */
  drawn: z.strictObject({ train: z.int().min(4).default(150), test: z.int().min(2).default(50) }).prefault({}),
});

/** Everything that says what an unlearning experiment is. Its hash names what can be taken up again. */
export const experimentConfigSchema = z.strictObject({
  ...dataConfigSchema.shape,
  /** Checkpoint folder or hub/ORG/NAME, with `{seed}` where each seed has its own; null trains a compact model first. */
  model: z.string().nullable().default(null),
  /** Each rule is a concept that is unlearned on its own. */
  forget: z.array(z.string()).min(1),
  seeds: z.array(z.int().min(0)).min(1).default([0]),
  arms: z.array(z.enum(armNames as [string, ...string[]])).default([...armNames]),
  /** Loss weights of CLIPErase to try one by one; the report draws forgetting against utility over them. */
  sweep: sweepSchema.prefault({}),
  probes: z.array(z.string().includes('{}')).default(probeTemplates),
  /** Class → other words for it, which are tried as its name. */
  synonyms: z.record(z.string(), z.array(z.string())).default({}),
  clip: clipConfigSchema.prefault({}),
  cliperase: cliperaseConfigSchema.prefault({}),
});

export type DataConfig = z.output<typeof dataConfigSchema>;
export type ExperimentConfig = z.output<typeof experimentConfigSchema>;
export type ExperimentConfigInput = z.input<typeof experimentConfigSchema>;
