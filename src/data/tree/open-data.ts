import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { FettleError } from '../../core/index.ts';
import { defaultArchiveLimits, type ArchiveLimits } from '../archives/archive-limits.ts';
import { bufferedAccess, fileAccess } from '../archives/random-access.ts';
import { tarTree } from '../archives/tar-tree.ts';
import { zipTree } from '../archives/zip-tree.ts';
import type { ByteSource } from '../bytes/byte-source.ts';
import { decompressed, sniffCompression } from '../bytes/decompress.ts';
import { fileSource } from '../bytes/file-source.ts';
import { peekStream } from '../bytes/peek-stream.ts';
import { createTree } from './create-tree.ts';
import type { DataTree } from './data-tree.ts';
import { folderTree } from './folder-tree.ts';

export interface OpenDataOptions {
  readonly limits?: Partial<ArchiveLimits> | undefined;
}

/**
 * Opens what `--data` names: a folder, an archive (zip, tar, tar.gz; known by its bytes, not its name) or a single file.
 * Archives are read in place. Nothing but the kind is looked at before the first use.
 *
 * Throws a FettleError `data-missing`, `archive-unsupported`, and later, on first use, `archive-damaged`,
 * `archive-unsafe` or `archive-limit`.
 */
export async function openData(path: string, options: OpenDataOptions = {}): Promise<DataTree> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new FettleError(`There is no file or folder ${path}`, {
      code: 'data-missing',
      where: path,
      hint: 'Check the path; `fettle data pull NAME` fetches the data of a benchmark.',
      exitCode: 2,
      cause,
    });
  });
  if (found.isDirectory()) return folderTree(path);
  return openSource(fileSource(path, { size: found.size }), options);
}

/** As `openData`, for a file within a tree (an archive in a folder), or any other source of bytes. */
export async function openSource(source: ByteSource, options: OpenDataOptions = {}): Promise<DataTree> {
  const { label, file } = source;
  const limits = { ...defaultArchiveLimits, ...options.limits };
  const { head, stream } = await peekStream(source.stream(), 512);
  const kind = sniffArchive(head);
  if (kind === 'unsupported') {
    await stop(stream);
    throw new FettleError(`${label} is an archive of a kind that is not read here`, {
      code: 'archive-unsupported',
      where: label,
      hint: 'Unpack it yourself and give the folder, or pack it as zip or tar.gz.',
    });
  }
  if (kind === 'zip') {
    await stop(stream);
    const content = file ?? (await source.bytes());
    const size = typeof content === 'string' ? (await stat(content)).size : content.length;
    return zipTree({ label, size, content }, limits);
  }
  if (kind === 'tar') {
    await stop(stream);
    const size = file === undefined ? source.size : (await stat(file)).size;
    const open = async () => (file === undefined ? bufferedAccess(source.stream(), label) : fileAccess(file, label));
    // A tar packs nothing, so the ratio says nothing about it.
    return tarTree(open, { label, packedBytes: size ?? Number.MAX_SAFE_INTEGER, limits });
  }
  if (sniffCompression(head) !== undefined) {
    const unpack = (chunks: AsyncIterable<Uint8Array>) =>
      decompressed(chunks, { label, maxBytes: limits.maxTotalBytes, maxRatio: limits.maxRatio });
    const inner = await peekStream(unpack(stream), 512);
    const isTar = sniffArchive(inner.head) === 'tar';
    await stop(inner.stream);
    if (isTar) {
      return tarTree(() => bufferedAccess(unpack(source.stream()), label), {
        label,
        packedBytes: source.size ?? Number.MAX_SAFE_INTEGER,
        limits,
      });
    }
  } else await stop(stream);
  return singleFileTree(source);
}

function singleFileTree(source: ByteSource): DataTree {
  const path = basename(source.name);
  return createTree({
    kind: 'file',
    location: source.label,
    async scan() {
      const size = source.size ?? (await source.bytes()).length;
      return [{ ...source, path, size }];
    },
  });
}

/** bzip2, xz, 7-Zip, RAR. */
const unsupportedMagic = ['BZh91AY', '\xfd7zXZ\0', '7z\xbc\xaf\x27\x1c', 'Rar!\x1a\x07'];

function sniffArchive(head: Uint8Array): 'zip' | 'tar' | 'unsupported' | undefined {
  const text = Buffer.from(head.buffer, head.byteOffset, head.length).toString('latin1');
  if (text.startsWith('PK\x03\x04') || text.startsWith('PK\x05\x06')) return 'zip';
  if (text.slice(257, 262) === 'ustar') return 'tar';
  return unsupportedMagic.some((magic) => text.startsWith(magic)) ? 'unsupported' : undefined;
}

/** Lets go of a stream that was only looked at. */
async function stop(stream: AsyncIterable<Uint8Array>): Promise<void> {
  const iterator = stream[Symbol.asyncIterator]();
  await iterator.next();
  await iterator.return?.();
}
