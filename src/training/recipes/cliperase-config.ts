import { z } from 'zod';
import { trainableSchema } from '../../engine/index.ts';
import { runtimeFields } from './runtime-fields.ts';

/** The recipe `cliperase`: unlearning of a concept of an image-text model, with its ablation and baselines. */
export const cliperaseConfigSchema = z.strictObject({
  ...runtimeFields,
  steps: z.coerce.number().int().min(1).default(300).describe('steps of each unlearning job'),
  batch: z
    .strictObject({
      forget: z.coerce.number().int().min(1).default(16).describe('forget pairs of a step'),
      retain: z.coerce.number().int().min(2).default(64).describe('retain pairs of a step'),
      sampling: z.enum(['balanced', 'mixed']).default('balanced'),
    })
    .default({ forget: 16, retain: 64, sampling: 'balanced' }),
  learningRate: z.coerce.number().positive().default(1e-4).describe('the paper: 1e-6 for ViT-B/32'),
  optimizer: z.enum(['adam', 'adamw']).default('adam'),
  weightDecay: z.coerce.number().min(0).default(0),
  trainable: trainableSchema.default({ kind: 'full' }).describe('weights that move: full, lora or last-layers'),
  trainLogitScale: z.boolean().default(true),
  /** λ2, λ1 and λ3 of the paper: 3, 1 and 3. */
  forgetting: z
    .strictObject({
      weight: z.coerce.number().min(0).default(3).describe('λ2 of the paper'),
      form: z.enum(['cosine', 'dot', 'margin', 'negative-ce']).default('cosine'),
      margin: z.coerce.number().min(-1).max(1).default(0),
    })
    .default({ weight: 3, form: 'cosine', margin: 0 }),
  retention: z
    .strictObject({
      weight: z.coerce.number().min(0).default(1).describe('λ1 of the paper'),
      positives: z.enum(['multiple', 'single']).default('multiple'),
      negatives: z.enum(['retain', 'all']).default('retain'),
    })
    .default({ weight: 1, positives: 'multiple', negatives: 'retain' }),
  consistency: z
    .strictObject({
      weight: z.coerce.number().min(0).default(3).describe('λ3 of the paper'),
      form: z.enum(['kl', 'reverse-kl', 'symmetric-kl', 'features']).default('kl'),
      columns: z.enum(['retain', 'all']).default('retain'),
    })
    .default({ weight: 3, form: 'kl', columns: 'retain' }),
  evaluations: z.coerce.number().int().min(1).default(15).describe('validations of each job'),
  keep: z.enum(['validation', 'last']).default('validation').describe('weights that are kept'),
  forgetAtMost: z.coerce.number().min(0).max(1).default(0.02).describe('target of forget accuracy'),
  retainAtLeast: z.coerce.number().min(0).max(1).default(0.98).describe('target of retain accuracy, of what it was'),
  early: z.boolean().default(false).describe('end a job once both targets hold on validation'),
  relearnSteps: z.coerce.number().int().min(0).default(100).describe('most steps of relearning; 0 leaves it out'),
  microBatches: z.coerce.number().int().min(1).default(1).describe('parts of a step, for less memory'),
});

export type CliperaseConfig = z.output<typeof cliperaseConfigSchema>;
export type CliperaseConfigInput = z.input<typeof cliperaseConfigSchema>;
