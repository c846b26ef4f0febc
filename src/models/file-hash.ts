import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';

const remembered = z.object({ bytes: z.number(), modifiedMs: z.number(), sha256: z.string().regex(/^[0-9a-f]{64}$/) });

/**
 * sha256 of a file, lower-case hex. The result is kept beside the file (`FILE.sha256.json`) and trusted while size and
 * modification time stay the same, so that gigabytes are read once. Where the folder cannot be written it is
 * computed each time. Throws what reading throws.
 */
export async function fileHash(path: string): Promise<string> {
  const { size: bytes, mtimeMs: modifiedMs } = await stat(path);
  const note = `${path}.sha256.json`;
  const known = await readNote(note);
  if (known?.bytes === bytes && known.modifiedMs === modifiedMs) return known.sha256;
  const digest = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), digest);
  const sha256 = digest.digest('hex');
  await writeNote(note, { bytes, modifiedMs, sha256 });
  return sha256;
}

async function readNote(note: string): Promise<z.output<typeof remembered> | undefined> {
  try {
    return remembered.parse(JSON.parse(await readFile(note, 'utf8')));
  } catch {
    // Missing, half-written by a killed process, or not ours: computed anew.
    return undefined;
  }
}

async function writeNote(note: string, content: z.output<typeof remembered>): Promise<void> {
  const temporary = `${note}.${process.pid}`;
  try {
    await writeFile(temporary, JSON.stringify(content));
    await rename(temporary, note);
  } catch {
    // A read-only folder is no reason to fail.
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}
