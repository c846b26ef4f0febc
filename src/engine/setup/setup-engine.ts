import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FettleError } from '../../core/index.ts';
import {
  engineHome,
  type EngineEnvironment,
  environmentFolder,
  type EnvironmentRecord,
  findEngine,
  readEnvironmentRecord,
  requirementsHash,
} from '../environment.ts';
import type { EngineEventOf } from '../protocol/index.ts';
import { requirementFiles } from '../source.ts';
import { adoptPython, faultText, pipCommand } from './adopt-python.ts';
import type { SetupSize } from './disk-space.ts';
import { installEnvironment } from './install-environment.ts';
import { inspectPython } from './inspect-python.ts';
import type { PipProgress } from './pip-output.ts';
import { probeEngine } from './probe.ts';
import { packageFaults, pinnedPackages } from './required-packages.ts';
import { withSetupLock } from './setup-lock.ts';

export interface SetupOptions {
  /** Takes this environment as it is instead of making one. */
  readonly usePython?: string | undefined;
  /** Throws away what is there first. */
  readonly force?: boolean | undefined;
  /** Adds what the engine's own tests need. */
  readonly withTests?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: PipProgress) => void) | undefined;
  /** Asked once the size is known; false ends the set-up. */
  readonly confirm?: ((plan: SetupPlan) => Promise<boolean>) | undefined;
}

export interface SetupPlan {
  readonly folder: string;
  readonly python: string;
  readonly size: SetupSize;
  readonly freeBytes: number;
}

export interface SetupResult {
  readonly engine: EngineEnvironment;
  /** True when there was nothing to do. */
  readonly present: boolean;
  readonly ready: EngineEventOf<'ready'>;
  readonly seconds: number;
}

/**
 * Makes the engine's Python environment, or takes one of the user's. Its record is written last, so that one that was
 * interrupted is never used; the next set-up goes on where it stopped.
 */
export async function setupEngine(options: SetupOptions = {}): Promise<SetupResult> {
  const started = performance.now();
  const note = (text: string): void => options.onProgress?.({ kind: 'note', text });
  const named = process.env['FETTLE_ENGINE_PYTHON'];
  if (named && options.usePython === undefined) {
    throw new FettleError(`FETTLE_ENGINE_PYTHON names ${named}, which is used whatever is set up.`, {
      code: 'engine-named',
      hint: 'Unset it to make an environment, or check that one with `fettle engine status`.',
      exitCode: 2,
    });
  }
  const folder = environmentFolder();
  await mkdir(engineHome(), { recursive: true });
  const wait = { signal: options.signal, onWait: () => note('Another set-up is running; waiting for it') };
  return await withSetupLock(folder, wait, async () => {
    const elapsed = (): number => (performance.now() - started) / 1000;
    if (options.usePython !== undefined) {
      const engine = await adopt(folder, options.usePython, note);
      const ready = await probeEngine(engine, { signal: options.signal });
      await writeRecord(folder, engine, ready);
      return { engine: { ...engine, versions: ready.versions }, present: false, ready, seconds: elapsed() };
    }
    const present = findEngine();
    if (present !== undefined && options.force !== true) {
      // What is there is proved to work as well.
      const ready = await probeEngine(present, { signal: options.signal });
      const isWhole = options.withTests !== true || present.adopted || (await hasTestPackages(present.python));
      if (isWhole) return { engine: present, present: true, ready, seconds: elapsed() };
    }
    if (present === undefined || options.force === true) await rm(join(folder, 'engine.json'), { force: true });
    if (options.force === true) await rm(join(folder, 'venv'), { recursive: true, force: true });
    const python = await installEnvironment(folder, options, note);
    const engine: EngineEnvironment = { python, adopted: false, folder, versions: {} };
    note('Starting the engine to see that it works');
    const ready = await probeEngine(engine, { signal: options.signal });
    await writeRecord(folder, engine, ready);
    return { engine: { ...engine, versions: ready.versions }, present: false, ready, seconds: elapsed() };
  });
}

async function hasTestPackages(python: string): Promise<boolean> {
  const inside = await inspectPython(python);
  return inside !== undefined && packageFaults(inside.packages, pinnedPackages(requirementFiles.test)).length === 0;
}

async function adopt(folder: string, path: string, note: (text: string) => void): Promise<EngineEnvironment> {
  const { python, missingForExport } = await adoptPython(path);
  if (missingForExport.length > 0) {
    note(
      `ONNX export will not work: ${missingForExport.map(faultText).join('; ')}. To add it: ${pipCommand(python, missingForExport)}`,
    );
  }
  return { python, adopted: true, folder, versions: {} };
}

async function writeRecord(
  folder: string,
  engine: EngineEnvironment,
  ready: EngineEventOf<'ready'>,
): Promise<EnvironmentRecord> {
  const record: EnvironmentRecord = {
    version: 1,
    python: engine.python,
    adopted: engine.adopted,
    versions: ready.versions,
    createdAt: new Date().toISOString(),
    requirementsHash: requirementsHash(),
  };
  const file = join(folder, 'engine.json');
  await writeFile(`${file}.new`, `${JSON.stringify(record, null, 2)}\n`);
  await rename(`${file}.new`, file);
  return readEnvironmentRecord(folder) ?? record;
}
