import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { FettleError } from '../../core/index.ts';

/**
 * sha256 over a checkpoint's configuration and weights, so that another model in the same folder is told apart.
 * Throws `checkpoint-invalid` where there is no such folder.
 */
export async function weightsHash(folder: string): Promise<string> {
  const files = await readdir(folder).catch((cause: unknown) => {
    throw new FettleError(`There is no checkpoint in ${folder}.`, {
      code: 'checkpoint-invalid',
      where: folder,
      hint: 'Name the folder of a checkpoint; {seed} stands for each seed, so there must be one for every seed.',
      cause,
    });
  });
  const names = files.filter((name) => name === 'config.json' || name.endsWith('.safetensors'));
  const digest = createHash('sha256');
  for (const name of names.sort()) {
    digest.update(`${name}\n`);
    await pipeline(createReadStream(join(folder, name)), digest, { end: false });
  }
  return digest.digest('hex');
}
