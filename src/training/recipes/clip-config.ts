import { z } from 'zod';
import { compactClipSchema } from '../../engine/index.ts';
import { architectures } from './architecture.ts';
import { runtimeFields } from './runtime-fields.ts';

const names = Object.keys(architectures) as [keyof typeof architectures];

/** The recipe `clip`: contrastive training of a compact image-text model from scratch. */
export const clipConfigSchema = z.strictObject({
  ...runtimeFields,
  architecture: z
    .union([z.enum(names), compactClipSchema])
    .default('compact')
    .describe('tiny, compact, or the sizes of a model'),
  epochs: z.coerce.number().positive().default(100).describe('passes over the training items'),
  batch: z.coerce.number().int().min(2).default(256).describe('items of a step'),
  learningRate: z.coerce.number().positive().default(1e-3),
  weightDecay: z.coerce.number().min(0).default(0.05),
  warmup: z.coerce.number().min(0).max(1).default(0.05).describe('share of the steps with a rising rate'),
  labelSmoothing: z.coerce.number().min(0).max(0.5).default(0),
  augment: z
    .strictObject({
      shift: z.coerce.number().int().min(0).default(4),
      mirror: z.boolean().default(true),
      brightness: z.coerce.number().min(0).max(1).default(0.2),
      contrast: z.coerce.number().min(0).max(1).default(0.2),
      cutout: z.coerce.number().int().min(0).default(8),
    })
    .default({ shift: 4, mirror: true, brightness: 0.2, contrast: 0.2, cutout: 8 })
    .describe('random changes of training pictures'),
  microBatches: z.coerce.number().int().min(1).default(1).describe('parts of a step, for less memory'),
  keep: z.enum(['best', 'last']).default('last').describe('weights of the best validation accuracy, or the last'),
  checkpoints: z.coerce.number().int().min(1).default(10).describe('checkpoints over the whole training'),
});

export type ClipConfig = z.output<typeof clipConfigSchema>;
export type ClipConfigInput = z.input<typeof clipConfigSchema>;
