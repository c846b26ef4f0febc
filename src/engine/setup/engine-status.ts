import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { errorMessage, FettleError } from '../../core/index.ts';
import { environmentFolder, findEngine, readEnvironmentRecord } from '../environment.ts';
import { probeEngine } from './probe.ts';
import { withSetupLock } from './setup-lock.ts';

export interface EngineStatus {
  /** True when the engine started and told of itself just now. */
  readonly works: boolean;
  /** Where the environment lies or would lie. */
  readonly folder: string;
  /** Null where none is set up. */
  readonly python: string | null;
  readonly source: 'made' | 'adopted' | 'variable' | null;
  readonly versions: Readonly<Record<string, string>>;
  readonly device: string | null;
  readonly devices: readonly { readonly name: string; readonly memoryBytes: number }[];
  /** What it takes on the disk; null for environments that are not ours. */
  readonly bytes: number | null;
  readonly createdAt: string | null;
  /** Why it does not work. */
  readonly problem: string | null;
  readonly hint: string | null;
}

/** What is set up, tried out. */
export async function engineStatus(signal?: AbortSignal): Promise<EngineStatus> {
  const folder = environmentFolder();
  const nothing = { versions: {}, device: null, devices: [], bytes: null, createdAt: null, problem: null, hint: null };
  try {
    const engine = findEngine();
    if (engine === undefined) {
      return {
        ...nothing,
        works: false,
        folder,
        python: null,
        source: null,
        problem: 'The engine is not set up.',
        hint: '`fettle engine setup` makes its environment.',
      };
    }
    const source = engine.folder === null ? 'variable' : engine.adopted ? 'adopted' : 'made';
    const facts = {
      ...nothing,
      folder,
      python: engine.python,
      source,
      versions: engine.versions,
      bytes: source === 'made' ? await folderBytes(folder) : null,
      createdAt: engine.folder === null ? null : (readEnvironmentRecord(folder)?.createdAt ?? null),
    } as const;
    try {
      const { versions, device, devices } = await probeEngine(engine, { signal });
      return { ...facts, works: true, versions, device, devices };
    } catch (error) {
      return {
        ...facts,
        works: false,
        problem: errorMessage(error),
        hint: (FettleError.isInstance(error) ? error.hint : undefined) ?? null,
      };
    }
  } catch (error) {
    if (!FettleError.isInstance(error) || error.code !== 'engine-missing') throw error;
    return {
      ...nothing,
      works: false,
      folder,
      python: null,
      source: 'variable',
      problem: error.message,
      hint: error.hint ?? null,
    };
  }
}

async function folderBytes(folder: string): Promise<number> {
  let sum = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) sum += (await stat(join(entry.parentPath, entry.name))).size;
  }
  return sum;
}

/** Removes what the set-up made. An adopted environment is the user's: only its record goes. */
export async function removeEngine(): Promise<{ folder: string; removed: boolean; bytes: number }> {
  const folder = environmentFolder();
  const exists = await stat(folder).then(
    () => true,
    () => false,
  );
  if (!exists) return { folder, removed: false, bytes: 0 };
  const bytes = await folderBytes(folder);
  await withSetupLock(folder, {}, async () => {
    // The record first: what is half removed is not used.
    await rm(join(folder, 'engine.json'), { force: true });
    await rm(folder, { recursive: true, force: true });
  });
  return { folder, removed: true, bytes };
}
