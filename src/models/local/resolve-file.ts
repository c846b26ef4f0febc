import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { FettleError, usageError } from '../../core/index.ts';
import { catalogModel, installedModel, missingModelError } from '../catalog.ts';

/**
 * The GGUF file that a name means: a path that ends in `.gguf`, else a name from the catalog.
 * Throws `model-missing` where the file is not there, a usage error where the name is of another kind.
 */
export function resolveGguf(spec: string, folder?: string): string {
  if (spec.toLowerCase().endsWith('.gguf')) {
    const path = resolve(spec);
    if (statSync(path, { throwIfNoEntry: false })?.isFile() === true) return path;
    throw new FettleError(`There is no file ${path}`, { code: 'model-missing', where: path, hint: 'Check the path' });
  }
  if (catalogModel(spec).kind !== 'gguf') {
    throw usageError(`"${spec}" is a sentence encoder and cannot generate`, {
      hint: `Use it as --embedder onnx:${spec}`,
    });
  }
  const installed = installedModel(spec, folder);
  if (installed === undefined) throw missingModelError(spec, folder);
  return installed.paths[0];
}
