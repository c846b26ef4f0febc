import { createHash, hash, type Hash } from 'node:crypto';
import { open, readFile, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { FettleError, type ImageReference } from '../../core/index.ts';
import { decodeImage, toPlanes, toSquare } from '../../data/index.ts';
import { mapPooled } from '../map-pooled.ts';
import { pixelsName } from './manifest.ts';
import { safetensorsHeader } from './safetensors.ts';

/** Beside the pixels while they are written: a line for each block that is on disk. */
export const blocksName = 'blocks.jsonl';

const blockBytes = 8 * 2 ** 20;

export interface WritePixelsOptions {
  /** Folder that is renamed when all is there. Blocks that an interrupted call left in it are checked and kept. */
  readonly folder: string;
  readonly images: readonly { readonly image: ImageReference; readonly sha256: string; readonly id: string }[];
  /** Side of the square in pixels. */
  readonly size: number;
  readonly concurrency: number;
  readonly signal: AbortSignal | undefined;
  readonly onRow: (done: number) => void;
}

/**
 * Writes `pixels.safetensors`: one tensor `pixels`, unsigned bytes, [N, 3, size, size]. Gives the file's sha256.
 * At most one block (8 MiB, or one image) and `concurrency` decoded images are in memory.
 * Throws what decoding throws, and a FettleError `data-changed` for an image that is not the one that was hashed.
 */
export async function writePixels(options: WritePixelsOptions): Promise<string> {
  const { folder, images, size, concurrency, signal, onRow } = options;
  const rowBytes = 3 * size * size;
  const header = safetensorsHeader('pixels', [images.length, 3, size, size]);
  await using file = await openForWriting(join(folder, pixelsName));
  await using blocks = await openForWriting(join(folder, blocksName));
  const digest = createHash('sha256').update(header);
  let { rows, journalBytes } = await keptBlocks(folder, file, header, rowBytes, images.length, digest);
  if (rows === 0) {
    await file.truncate(0);
    await file.write(header, 0, header.length, 0);
  }
  await blocks.truncate(journalBytes);
  onRow(rows);

  const block = new Uint8Array(Math.min(images.length, Math.max(1, Math.floor(blockBytes / rowBytes))) * rowBytes);
  while (rows < images.length) {
    const batch = images.slice(rows, rows + block.length / rowBytes);
    let done = rows;
    await mapPooled(batch, concurrency, signal, async ({ image, sha256, id }, index) => {
      const blob = await image.load();
      if (blob.sha256 !== sha256) {
        throw new FettleError(`The image of ${id} changed while the data was being prepared`, {
          code: 'data-changed',
          where: image.label,
          hint: 'Start again when nothing writes to the data.',
        });
      }
      const pixels = toSquare(await decodeImage(blob.bytes, { label: image.label }), size);
      toPlanes(pixels, block, index * rowBytes);
      onRow(++done);
    });
    const part = block.subarray(0, batch.length * rowBytes);
    digest.update(part);
    await writeWhole(file, part, header.length + rows * rowBytes);
    rows += batch.length;
    const line = Buffer.from(`${JSON.stringify({ rows: batch.length, sha256: hash('sha256', part, 'hex') })}\n`);
    await writeWhole(blocks, line, journalBytes);
    journalBytes += line.length;
  }
  await file.truncate(header.length + images.length * rowBytes);
  await file.sync();
  return digest.digest('hex');
}

async function openForWriting(path: string): Promise<FileHandle> {
  // "a" makes the file where it is missing and leaves what is there; "r+" then writes at any place.
  await (await open(path, 'a')).close();
  return open(path, 'r+');
}

async function writeWhole(file: FileHandle, bytes: Uint8Array, at: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, at + done);
    done += bytesWritten;
  }
}

/** Rows on disk whose blocks have the hash that was noted when they were written; they are added to `digest`. */
async function keptBlocks(
  folder: string,
  file: FileHandle,
  header: Buffer,
  rowBytes: number,
  total: number,
  digest: Hash,
): Promise<{ rows: number; journalBytes: number }> {
  const nothing = { rows: 0, journalBytes: 0 };
  const { size } = await file.stat();
  if (size < header.length) return nothing;
  const start = Buffer.alloc(header.length);
  await file.read(start, 0, start.length, 0);
  if (!start.equals(header)) return nothing;
  let rows = 0;
  let journalBytes = 0;
  for (const line of (await readFile(join(folder, blocksName), 'utf8')).split('\n').slice(0, -1)) {
    const noted = readNote(line);
    const from = header.length + rows * rowBytes;
    if (noted === undefined || rows + noted.rows > total || from + noted.rows * rowBytes > size) break;
    const part = Buffer.alloc(noted.rows * rowBytes);
    const { bytesRead } = await file.read(part, 0, part.length, from);
    if (bytesRead !== part.length || hash('sha256', part, 'hex') !== noted.sha256) break;
    digest.update(part);
    rows += noted.rows;
    journalBytes += Buffer.byteLength(line) + 1;
  }
  return { rows, journalBytes };
}

function readNote(line: string): { rows: number; sha256: string } | undefined {
  try {
    const { rows, sha256 } = JSON.parse(line) as { rows?: unknown; sha256?: unknown };
    const usable = typeof rows === 'number' && Number.isSafeInteger(rows) && rows > 0 && typeof sha256 === 'string';
    return usable ? { rows, sha256 } : undefined;
  } catch {
    return undefined;
  }
}
