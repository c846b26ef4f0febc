import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FettleError } from '../../../core/index.ts';

/** Folder of the demonstration set, found upwards from this module: in the sources as in the built package. */
export function demoLocation(): string {
  const tail = join('assets', 'shopping-mmlu-demo');
  const start = dirname(fileURLToPath(import.meta.url));
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, tail))) return join(folder, tail);
    if (dirname(folder) === folder) break;
  }
  throw new FettleError('The demonstration set is missing from this installation.', {
    code: 'data-missing',
    where: tail,
    hint: 'Install fettle again.',
  });
}
