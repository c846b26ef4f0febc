import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { FettleError } from '../core/index.ts';
import { readEngineFile, requirementFiles } from './source.ts';

/** Written last by the set-up: a folder without it is half made, and is not used. */
export const environmentRecordSchema = z.object({
  version: z.literal(1),
  /** Absolute path of the interpreter. */
  python: z.string(),
  /** True where an environment of the user's was taken as it is. */
  adopted: z.boolean(),
  /** Package → installed version, and `python`. */
  versions: z.record(z.string(), z.string()),
  createdAt: z.string(),
  requirementsHash: z.string(),
});

export type EnvironmentRecord = z.output<typeof environmentRecordSchema>;

export interface EngineEnvironment {
  readonly python: string;
  readonly adopted: boolean;
  /** Where its record lies; null when FETTLE_ENGINE_PYTHON names the interpreter. */
  readonly folder: string | null;
  readonly versions: Readonly<Record<string, string>>;
}

type Variables = NodeJS.ProcessEnv;

/** Where environments lie: `$FETTLE_ENGINE_HOME`, else `$XDG_CACHE_HOME/fettle/engine` (`~/.cache/fettle/engine`). */
export function engineHome(variables: Variables = process.env): string {
  const cache = variables['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  return variables['FETTLE_ENGINE_HOME'] || join(cache, 'fettle', 'engine');
}

/** Names what an environment is made of, so that another version of Fettle makes its own. */
export function requirementsHash(): string {
  const hash = createHash('sha256');
  for (const file of [requirementFiles.torch, requirementFiles.requirements]) hash.update(requirementLines(file));
  return hash.digest('hex');
}

/** Comments and empty lines do not make another environment. */
function requirementLines(file: string): string {
  const lines = readEngineFile(file)
    .split('\n')
    .map((line) => line.replace(/(^|\s)#.*$/, '').trim());
  return `${lines.filter((line) => line !== '').join('\n')}\n\n`;
}

/** The folder of the environment for this version of the engine. */
export function environmentFolder(variables: Variables = process.env): string {
  return join(engineHome(variables), requirementsHash().slice(0, 12));
}

export function readEnvironmentRecord(folder: string): EnvironmentRecord | undefined {
  try {
    return environmentRecordSchema.parse(JSON.parse(readFileSync(join(folder, 'engine.json'), 'utf8')));
  } catch {
    // Absent, cut off or of another version: as if it were not there; the set-up writes it anew.
    return undefined;
  }
}

/** The engine's environment where there is a whole one. `FETTLE_ENGINE_PYTHON` names an interpreter and wins. */
export function findEngine(variables: Variables = process.env): EngineEnvironment | undefined {
  const named = variables['FETTLE_ENGINE_PYTHON'];
  if (named !== undefined && named !== '') {
    if (!existsSync(named)) {
      throw new FettleError(`FETTLE_ENGINE_PYTHON names ${named}, which does not exist.`, {
        code: 'engine-missing',
        hint: 'Name a Python interpreter, or unset the variable.',
        exitCode: 2,
      });
    }
    return { python: named, adopted: true, folder: null, versions: {} };
  }
  const folder = environmentFolder(variables);
  const record = readEnvironmentRecord(folder);
  if (record === undefined || !existsSync(record.python)) return undefined;
  return { python: record.python, adopted: record.adopted, folder, versions: record.versions };
}

/** The engine's environment; throws `engine-missing` where there is none. */
export function engineEnvironment(variables: Variables = process.env): EngineEnvironment {
  const found = findEngine(variables);
  if (found !== undefined) return found;
  throw new FettleError('The training engine is not set up on this machine.', {
    code: 'engine-missing',
    hint: '`fettle engine setup` makes its Python environment; `fettle engine setup --use-python PATH` takes one that has PyTorch.',
  });
}
