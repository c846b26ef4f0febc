import { z } from 'zod';
import { usageError } from '../../core/index.ts';

const positive = z.coerce.number().int().positive().optional();
const settingsSchema = z.strictObject({
  device: z.enum(['auto', 'cpu', 'cuda']).optional(),
  dtype: z.enum(['auto', 'fp32', 'bf16']).optional(),
  batch: positive,
  maxTokens: positive,
});

export interface EngineSpec {
  /** Where the checkpoint lies. */
  readonly source:
    | { readonly kind: 'folder'; readonly path: string }
    | { readonly kind: 'hub'; readonly repository: string; readonly revision: string | undefined };
  readonly settings: z.output<typeof settingsSchema>;
}

const hubPrefix = 'hub/';
const repositoryPattern = /^[\w.-]+\/[\w.-]+$/;
const revisionPattern = /^[\w.-]+(?:\/[\w.-]+)*$/;

/**
 * Takes `FOLDER`, `hub/OWNER/NAME` or `hub/OWNER/NAME@REVISION` apart, each with settings behind it
 * (`FOLDER?dtype=fp32&batch=8`). A folder whose name begins with `hub/` is written `./hub/…`.
 * Throws a usage error for names that the hub cannot have and for settings that there are not.
 */
export function parseEngineSpec(spec: string): EngineSpec {
  const mark = spec.lastIndexOf('?');
  const name = mark === -1 ? spec : spec.slice(0, mark);
  const settings = settingsSchema.safeParse(
    mark === -1 ? {} : Object.fromEntries(new URLSearchParams(spec.slice(mark + 1))),
  );
  if (!settings.success) {
    throw usageError(`"${spec.slice(mark + 1)}" are no settings of a model of the engine`, {
      where: settings.error.issues[0]?.path.join('.') || spec,
      hint: 'There are device (auto, cpu, cuda), dtype (auto, fp32, bf16), batch and maxTokens (whole numbers from 1)',
    });
  }
  if (name === '') throw usageError(`"${spec}" names no checkpoint`, { hint: 'Write engine:FOLDER' });
  if (!name.startsWith(hubPrefix)) return { source: { kind: 'folder', path: name }, settings: settings.data };
  const [repository = '', revision, ...rest] = name.slice(hubPrefix.length).split('@');
  if (
    rest.length > 0 ||
    !repositoryPattern.test(repository) ||
    (revision !== undefined && !revisionPattern.test(revision))
  ) {
    throw usageError(`"${name}" is no model of the hub`, {
      where: spec,
      hint: 'Write engine:hub/OWNER/NAME or engine:hub/OWNER/NAME@REVISION; a folder of that name as engine:./hub/…',
    });
  }
  return { source: { kind: 'hub', repository, revision }, settings: settings.data };
}
