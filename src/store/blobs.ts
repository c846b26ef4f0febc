import { hash, randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImageBlob } from '../core/index.ts';
import { FettleError } from '../core/index.ts';

const sha256Pattern = /^[0-9a-f]{64}$/;
/** A blob that is put again after this long is looked for again and gets a new time, so that a sweep keeps it. */
const refreshMs = 300_000;

export interface Blobs {
  /** Throws `blob-mismatch` where the bytes do not have the hash that they claim. */
  put(blob: ImageBlob): Promise<void>;
  /** Throws `blob-damaged` where the file does not have the hash that it is named by. */
  get(sha256: string): Promise<Uint8Array | undefined>;
}

/** Files named by the sha256 of their bytes: `blobs/ab/cdef…`. `sync` makes them outlive a power cut. */
export function openBlobs(folder: string, sync: boolean): Blobs {
  const root = join(folder, 'blobs');
  /** When this process last put a hash, so that one image of many samples costs one look. */
  const known = new Map<string, number>();
  const placeOf = (sha256: string): { readonly folder: string; readonly file: string } => {
    // Hashes come from stored requests too, which are hostile: nothing else may become a path.
    if (!sha256Pattern.test(sha256)) {
      throw new FettleError('A blob is named by 64 lower-case hexadecimal digits.', {
        code: 'blob-name-invalid',
        where: JSON.stringify(sha256.slice(0, 80)),
      });
    }
    const folder = join(root, sha256.slice(0, 2));
    return { folder, file: join(folder, sha256.slice(2)) };
  };
  const writeNew = async (place: ReturnType<typeof placeOf>, bytes: Uint8Array): Promise<void> => {
    await mkdir(place.folder, { recursive: true });
    const temporary = join(place.folder, `.${randomUUID()}.part`);
    try {
      const handle = await open(temporary, 'wx');
      try {
        await handle.writeFile(bytes);
        if (sync) await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(temporary, place.file);
      if (sync) await syncFolder(place.folder);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  };

  return {
    async put({ sha256, bytes }) {
      const place = placeOf(sha256);
      const now = Date.now();
      if (now - (known.get(sha256) ?? 0) < refreshMs) return;
      if (hash('sha256', bytes) !== sha256) {
        throw new FettleError('The bytes of an image do not have the hash that they came with.', {
          code: 'blob-mismatch',
          where: sha256,
        });
      }
      const there = await stat(place.file).catch(ignoreMissing);
      if (there === undefined || there.size !== bytes.length) await writeNew(place, bytes);
      else if (now - there.mtimeMs > refreshMs) await utimes(place.file, new Date(), new Date());
      if (known.size > 10_000) known.clear();
      known.set(sha256, now);
    },
    async get(sha256) {
      const { file } = placeOf(sha256);
      const bytes = await readFile(file).catch(ignoreMissing);
      if (bytes !== undefined && hash('sha256', bytes) !== sha256) {
        throw new FettleError('A stored image is damaged: its bytes do not have the hash that it is named by.', {
          code: 'blob-damaged',
          where: file,
          hint: 'Delete the file; the run that needs it writes it again.',
        });
      }
      return bytes;
    },
  };
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT') return undefined;
  throw error;
}

async function syncFolder(folder: string): Promise<void> {
  // Windows cannot open folders; its file systems journal the name with the file.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
