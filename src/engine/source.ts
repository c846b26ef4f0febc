import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FettleError } from '../core/index.ts';

/** The `engine` folder beside `src` or `dist`: the Python package and what it needs. */
export const engineFolder = fileURLToPath(new URL('../../engine', import.meta.url));

/** Goes into PYTHONPATH: the package is run from here and never installed. */
export const engineSource = join(engineFolder, 'src');

export const requirementFiles = {
  /** One pin, installed before everything else. */
  torch: join(engineFolder, 'torch.txt'),
  requirements: join(engineFolder, 'requirements.txt'),
  test: join(engineFolder, 'requirements-test.txt'),
};

export function readEngineFile(file: string): string {
  if (!existsSync(file)) {
    throw new FettleError(`The engine's file ${file} is missing.`, {
      code: 'engine-source-missing',
      hint: 'The installation of Fettle is incomplete: install it again.',
    });
  }
  return readFileSync(file, 'utf8');
}
