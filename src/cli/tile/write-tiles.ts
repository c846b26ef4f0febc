import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { errorMessage, FettleError } from '../../core/index.ts';
import type { Tile } from '../../tiling/index.ts';
import type { CliContext } from '../context.ts';

/**
 * Writes every tile and thumbnail as PNG, one at a time and in order. Names come from places, never from data:
 * `image-01-r1-c2.png`, `image-01-thumbnail.png`, counted from 1, with as many digits as the last image needs.
 *
 * @returns the paths
 */
export async function writeTiles(tiles: readonly Tile[], folder: string, context: CliContext): Promise<string[]> {
  const digits = Math.max(2, String((tiles.at(-1)?.image ?? 0) + 1).length);
  const paths: string[] = [];
  let shown = -1;
  for (const { image, row, column, reference } of tiles) {
    if (image !== shown) {
      shown = image;
      if (!context.quiet && context.console.errIsTerminal) context.console.err(`\rimage ${image + 1}`);
    }
    const place = row === undefined || column === undefined ? 'thumbnail' : `r${row + 1}-c${column + 1}`;
    const path = join(folder, `image-${String(image + 1).padStart(digits, '0')}-${place}.png`);
    await writeWhole((await reference.load()).bytes, path);
    paths.push(path);
  }
  if (!context.quiet && context.console.errIsTerminal) context.console.err('\r\u001b[K');
  return paths;
}

export async function writeOverlay(png: Uint8Array, path: string): Promise<void> {
  await writeWhole(png, path);
}

/** Whole or not at all: under a temporary name first. */
async function writeWhole(bytes: Uint8Array, path: string): Promise<void> {
  const temporary = `${path}.${process.pid}.part`;
  try {
    await mkdir(dirname(resolve(path)), { recursive: true });
    await writeFile(temporary, bytes);
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw new FettleError(`The file ${path} cannot be written: ${errorMessage(cause)}`, {
      code: 'file-not-written',
      where: path,
      hint: 'Name a folder that can be written to.',
      cause,
    });
  }
}
