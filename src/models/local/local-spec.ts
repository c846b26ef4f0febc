import { z } from 'zod';
import { usageError } from '../../core/index.ts';

const positive = z.coerce.number().int().positive().optional();
const settingsSchema = z.strictObject({
  contexts: positive,
  threads: positive,
  contextSize: positive,
  maxTokens: positive,
});

export interface LocalSpec {
  readonly name: string;
  readonly settings: z.output<typeof settingsSchema>;
}

/** Takes `NAME?contextSize=4096&threads=2` apart. Throws a usage error for a setting that there is not. */
export function parseLocalSpec(spec: string): LocalSpec {
  const mark = spec.lastIndexOf('?');
  if (mark === -1) return { name: spec, settings: {} };
  const settings = settingsSchema.safeParse(Object.fromEntries(new URLSearchParams(spec.slice(mark + 1))));
  if (settings.success) return { name: spec.slice(0, mark), settings: settings.data };
  throw usageError(`"${spec.slice(mark + 1)}" are no settings of a local model`, {
    where: settings.error.issues[0]?.path.join('.') ?? spec,
    hint: `There are ${Object.keys(settingsSchema.shape).join(', ')}, each a whole number from 1`,
  });
}
