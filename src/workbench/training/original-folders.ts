import { isAbsolute } from 'node:path';
import { z } from 'zod';
import { usageError } from '../../core/index.ts';
import { startEngine } from '../../engine/index.ts';
import type { ExperimentConfig } from './experiment-config.ts';
import type { TrainingHooks } from './training-hooks.ts';

const hubPrefix = 'hub/';
const hubName = /^[\w.-]+\/[\w.-]+(?:@[\w.-]+(?:\/[\w.-]+)*)?$/;
const inspected = z.object({ folder: z.string().refine(isAbsolute) });

/** Whether a model's name is `hub/ORG/NAME` or `hub/ORG/NAME@REVISION`; a folder of that name is written `./hub/…`. */
export const isHubName = (model: string): boolean => model.startsWith(hubPrefix);

/**
 * The checkpoint folder of each seed; null where the experiment trains its originals. Hub names are looked up, and
 * fetched where they are not there yet, by the engine: HF_ENDPOINT, HF_HOME, HF_TOKEN and HF_HUB_OFFLINE count.
 * Throws a usage error for a name that the hub cannot have, `engine-hub-unreachable` where it cannot be fetched.
 */
export async function originalFolders(
  { model, seeds }: Pick<ExperimentConfig, 'model' | 'seeds'>,
  { onNews, signal }: TrainingHooks,
): Promise<ReadonlyMap<number, string> | null> {
  if (model === null) return null;
  const names = new Map(seeds.map((seed) => [seed, model.replaceAll('{seed}', String(seed))] as const));
  if (!isHubName(model)) return names;
  for (const name of names.values()) {
    if (hubName.test(name.slice(hubPrefix.length))) continue;
    throw usageError(`"${name}" is no model of the hub.`, {
      where: '--model',
      hint: 'Write hub/ORG/NAME or hub/ORG/NAME@REVISION; a folder of that name as ./hub/…',
    });
  }
  onNews?.({ kind: 'stage', text: `Looking up ${model}` });
  await using engine = await startEngine({ allowHub: true, signal });
  const folders = new Map<string, string>();
  for (const name of new Set(names.values())) {
    const call = {
      op: 'inspect',
      model: `hub:${name.slice(hubPrefix.length)}`,
      device: 'cpu',
      allowHub: true,
    } as const;
    folders.set(name, inspected.parse(await engine.request(call, { signal })).folder);
  }
  return new Map([...names].map(([seed, name]) => [seed, folders.get(name) ?? name] as const));
}
