import { z } from 'zod';

/** What every training of an image-text model lets its user choose. */
export const runtimeFields = {
  device: z.enum(['auto', 'cpu', 'cuda']).default('auto').describe('where to compute'),
  precision: z.enum(['auto', 'fp32', 'bf16']).default('auto').describe('bf16 autocast or fp32; weights are fp32'),
  threads: z.coerce.number().int().min(1).optional().describe('CPU threads of the engine'),
  deterministic: z.boolean().default(false).describe('bit-equal repeats on one machine, slower'),
};

type RuntimeConfig = z.output<z.ZodObject<typeof runtimeFields>>;

/** The same as fields of an engine's job. */
export function runtimeOf({ device, precision, threads, deterministic }: RuntimeConfig) {
  return { device, precision, threads: threads ?? null, deterministic };
}
