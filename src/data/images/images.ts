import { realpath } from 'node:fs/promises';
import { resolve, sep } from 'node:path';
import { FettleError, type ImageReference, type JsonValue } from '../../core/index.ts';
import type { ByteSource } from '../bytes/byte-source.ts';
import { fileSource } from '../bytes/file-source.ts';
import { cellBytes } from '../rows/binary-cell.ts';
import type { DataTree } from '../tree/data-tree.ts';
import { defaultMaxImageBytes, tooManyBytes, type ImageLimits } from './inspect-image.ts';
import { lazyImage } from './lazy-image.ts';

/** The image in an entry of a tree, or in any other source of bytes. */
export function entryImage(entry: ByteSource, limits: ImageLimits = {}): ImageReference {
  const { maxBytes = defaultMaxImageBytes } = limits;
  const read = (): Promise<Uint8Array> => {
    if (entry.size !== undefined && entry.size > maxBytes) throw tooManyBytes(entry.label, entry.size, maxBytes);
    return entry.bytes({ maxBytes });
  };
  return lazyImage(entry.label, async () => read(), limits);
}

/** The image in a file that the user named. `within` confines it to a folder, for paths that data wrote. */
export function fileImage(
  path: string,
  { within, ...limits }: ImageLimits & { readonly within?: string | undefined } = {},
): ImageReference {
  const { maxBytes = defaultMaxImageBytes } = limits;
  const read = async (): Promise<Uint8Array> => {
    if (within === undefined) return fileSource(path).bytes({ maxBytes });
    const full = resolve(within, path);
    const root = await realpath(within);
    const real = await realpath(full).catch(() => full);
    if (!`${real}${sep}`.startsWith(`${root}${sep}`) || full.includes('\0')) {
      throw new FettleError(`Image ${path} lies outside ${within}`, {
        code: 'image-outside',
        where: path,
        hint: 'Paths in data must be relative to the data and stay within it.',
      });
    }
    return fileSource(real, { label: path }).bytes({ maxBytes });
  };
  return lazyImage(path, read, limits);
}

/** Bytes in memory as an image. They are kept as long as the reference is. */
export function bytesImage(bytes: Uint8Array, label: string, limits: ImageLimits = {}): ImageReference {
  return lazyImage(label, async () => bytes, limits);
}

/** The image at a path that data wrote: looked up among the tree's entries, never opened as it stands. */
export function treeImage(tree: DataTree, path: string, limits: ImageLimits = {}): ImageReference {
  const read = async (): Promise<Uint8Array> => {
    const entry = await tree.need(path);
    const { maxBytes = defaultMaxImageBytes } = limits;
    if (entry.size > maxBytes) throw tooManyBytes(path, entry.size, maxBytes);
    return entry.bytes({ maxBytes });
  };
  return lazyImage(path, read, limits);
}

/**
 * The image in a cell of a row: bytes (Parquet), `{ bytes, path }` as Hugging Face writes image columns,
 * a `data:` address with base64, or a path within the tree.
 * Undefined where the cell is empty; a FettleError `image-invalid` for anything else. Web addresses are refused.
 */
export function cellImage(
  cell: JsonValue | undefined,
  { tree, label, ...limits }: ImageLimits & { readonly tree?: DataTree | undefined; readonly label: string },
): ImageReference | undefined {
  if (cell === null || cell === undefined || cell === '') return undefined;
  const direct = cellBytes(cell);
  if (direct !== undefined) return bytesImage(direct, label, limits);
  if (typeof cell === 'object' && !Array.isArray(cell)) {
    const { bytes, path } = cell as { readonly [key: string]: JsonValue | undefined };
    const inner = cellBytes(bytes);
    if (inner !== undefined) return bytesImage(inner, typeof path === 'string' ? path : label, limits);
    if (typeof path === 'string') return cellImage(path, { tree, label, ...limits });
  }
  if (typeof cell === 'string') {
    const data = /^data:image\/[\w.+-]+;base64,/.exec(cell);
    if (data !== null) {
      const { maxBytes = defaultMaxImageBytes } = limits;
      const size = Math.floor(((cell.length - data[0].length) * 3) / 4);
      if (size > maxBytes) throw tooManyBytes(label, size, maxBytes);
      return lazyImage(label, async () => Buffer.from(cell.slice(data[0].length), 'base64'), limits);
    }
    if (/^[a-z][a-z0-9+.-]+:\/\//i.test(cell)) {
      throw new FettleError(`${label} is the web address of an image, which is not fetched while data is read`, {
        code: 'image-remote',
        where: label,
        hint: 'Download the images beside the data and write their paths.',
      });
    }
    if (tree !== undefined) return treeImage(tree, cell, limits);
  }
  throw new FettleError(`${label} holds no image`, {
    code: 'image-invalid',
    where: label,
    hint: 'Write the path of an image file within the data, or a data: address with base64.',
  });
}
