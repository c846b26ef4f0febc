import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileHash } from '../file-hash.ts';

/** What decides answers: weights, settings, tokenizer, chat templates. */
const decides = /\.(?:safetensors|json|jinja|txt|model)$/;
/** Written beside a checkpoint by Fettle, or about its files. */
const about = /^fettle\.json$|\.sha256\.json$/;
const pooling = '1_Pooling';

/**
 * sha256 over the names and hashes of a checkpoint's files, in order of name: *.safetensors, *.json, *.jinja, *.txt,
 * *.model of the folder, and all of `1_Pooling`. Weights are read once and then remembered beside them, while size and
 * modification time stay (`fileHash`). Lower-case hex.
 */
export async function checkpointHash(folder: string): Promise<string> {
  const names = (await readdir(folder)).filter((name) => decides.test(name) && !about.test(name));
  const inner = await readdir(join(folder, pooling)).catch(() => []);
  const files = [...names, ...inner.filter((name) => !about.test(name)).map((name) => `${pooling}/${name}`)];
  const digest = createHash('sha256');
  for (const name of files.toSorted()) {
    const path = join(folder, name);
    const own = name.endsWith('.safetensors')
      ? await fileHash(path)
      : createHash('sha256')
          .update(await readFile(path))
          .digest('hex');
    digest.update(JSON.stringify([name, own]));
  }
  return digest.digest('hex');
}
