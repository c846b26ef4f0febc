import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

/** The id that git gives a file: the hash of `blob SIZE`, a NUL and the content. */
export async function gitBlobHash(file: string, bytes: number, algorithm: 'sha1' | 'sha256'): Promise<string> {
  const hash = createHash(algorithm).update(`blob ${bytes}\0`);
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
