import { mkdir, open, rename, rm, statfs } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { usageError } from '../../core/index.ts';
import { withFileLock } from '../../data/index.ts';
import { hashItems, type TrainingItem } from '../training-item.ts';
import {
  itemsName,
  manifestName,
  pairsVersion,
  pixelsName,
  textsName,
  type PairRow,
  type PairsManifest,
} from './manifest.ts';
import { pairTable, textHash, type PairTable, type PairTexts } from './pair-table.ts';
import { diskFull, writeFault } from './pairs-fault.ts';
import { readManifest } from './read-pairs.ts';
import { blocksName, writePixels } from './write-pixels.ts';

export interface PreparePairsOptions {
  readonly items: readonly TrainingItem[];
  /** Side of the square images in pixels. */
  readonly size: number;
  readonly texts: PairTexts;
  /** Folder that holds prepared pairs by their content; made where missing. */
  readonly cacheFolder: string;
  /** Images read or decoded at the same time. Default: twice the processors, at most 16. */
  readonly concurrency?: number | undefined;
  readonly onProgress?: ((progress: PairsProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface PairsProgress {
  /** `hash`: images are read to name them by content; `decode`: they are decoded and written. */
  readonly phase: 'hash' | 'decode';
  readonly done: number;
  readonly total: number;
}

/** A folder of pairs that is whole. */
export interface PreparedPairs {
  readonly folder: string;
  readonly manifest: PairsManifest;
  /** In the order of the items: row i is item i. */
  readonly rows: readonly PairRow[];
  readonly texts: readonly string[];
  /** Class → rows of its texts; null where texts are captions alone. */
  readonly classTexts: Readonly<Record<string, readonly number[]>> | null;
  /** True where the folder was there already. */
  readonly reused: boolean;
}

/**
 * Decodes images to squares and writes them with their texts into a folder that the engine trains on, named by content:
 * the images' hashes, the texts, the size and the format's version. A folder that is there is used again.
 *
 * The folder appears whole or not at all. An interrupted call (a signal, a killed process) leaves its blocks beside it,
 * and the next call of the same content goes on from them. Memory does not grow with the number of images.
 *
 * Throws usage errors for items that cannot be paired (`pairTable`), `image-invalid` for a picture that cannot be decoded,
 * `disk-full` and `cannot-write`.
 */
export async function preparePairs(options: PreparePairsOptions): Promise<PreparedPairs> {
  const { size, texts, cacheFolder, onProgress, signal } = options;
  const { concurrency = Math.min(16, 2 * availableParallelism()) } = options;
  if (!Number.isSafeInteger(size) || size < 1 || size > 4096) {
    throw usageError(`The image size is ${size}`, { where: 'size', hint: 'Take a whole number from 1 to 4096.' });
  }
  const items = await hashItems(options.items, {
    concurrency,
    signal,
    onProgress: (progress) => onProgress?.({ phase: 'hash', ...progress }),
  });
  const table = pairTable(items, texts);
  const { rows, texts: allTexts, classTexts } = table;
  const key = pairsKey(table, size);
  const folder = join(resolve(cacheFolder), key);
  const prepared = { folder, rows, texts: allTexts, classTexts };

  const bytes = items.length * 3 * size * size + table.itemsJsonl.length + table.textsJsonl.length + 4096;
  try {
    await mkdir(resolve(cacheFolder), { recursive: true });
  } catch (error) {
    throw writeFault(error, cacheFolder, bytes);
  }
  const found = await readManifest(folder).catch(() => undefined);
  if (found !== undefined) return { ...prepared, manifest: found, reused: true };

  return withFileLock(folder, signal, async () => {
    const meanwhile = await readManifest(folder).catch(() => undefined);
    if (meanwhile !== undefined) return { ...prepared, manifest: meanwhile, reused: true };
    const partial = `${folder}.partial`;
    try {
      await mkdir(partial, { recursive: true });
      await checkSpace(partial, bytes);
      const pixelsHash = await writePixels({
        folder: partial,
        images: items,
        size,
        concurrency,
        signal,
        onRow: (done) => onProgress?.({ phase: 'decode', done, total: items.length }),
      });
      const manifest: PairsManifest = {
        version: pairsVersion,
        kind: 'pairs',
        items: rows.length,
        texts: allTexts.length,
        image: { size, channels: 3, resample: 'bicubic' },
        sha256: {
          [itemsName]: textHash(table.itemsJsonl),
          [textsName]: textHash(table.textsJsonl),
          [pixelsName]: pixelsHash,
        },
        classes: table.classes === null ? null : [...table.classes],
      };
      await writeSynced(join(partial, itemsName), table.itemsJsonl);
      await writeSynced(join(partial, textsName), table.textsJsonl);
      await writeSynced(join(partial, manifestName), `${JSON.stringify(manifest, null, 2)}\n`);
      await rm(join(partial, blocksName), { force: true });
      await rm(folder, { recursive: true, force: true }); // whatever is there is no whole folder, see above
      await rename(partial, folder);
      return { ...prepared, manifest, reused: false };
    } catch (error) {
      // An interruption leaves the blocks for the next call; after a failure they are of no use.
      if (signal?.aborted !== true) await rm(partial, { recursive: true, force: true }).catch(() => undefined);
      throw writeFault(error, partial, bytes);
    }
  });
}

function pairsKey({ itemsJsonl, textsJsonl, classes }: PairTable, size: number): string {
  const parts = ['fettle pairs', pairsVersion, size, 'bicubic', textHash(itemsJsonl), textHash(textsJsonl), classes];
  return textHash(JSON.stringify(parts));
}

async function checkSpace(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize < bytes) throw diskFull(folder, bytes, bavail * bsize);
}

async function writeSynced(path: string, text: string): Promise<void> {
  await using file = await open(path, 'w');
  await file.writeFile(text);
  await file.sync();
}
