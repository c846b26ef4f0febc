import { mkdir, mkdtemp, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { errorMessage, FettleError } from '../../core/index.ts';
import type { Tile } from '../../tiling/index.ts';
import type { CliContext } from '../context.ts';

const ownName = /^image-\d+-(?:thumbnail|r\d+-c\d+)\.png$/;

/**
 * Writes every tile and thumbnail as PNG, all or none: pixels are decoded one at a time, in order, and moved into their
 * places when the last is there. Names come from places, never from data: `image-01-r1-c2.png`, `image-01-thumbnail.png`,
 * counted from 1, with as many digits as the last image needs. Tiles of other runs in the folder stay, and a note says so.
 *
 * @returns the paths
 */
export async function writeTiles(tiles: readonly Tile[], folder: string, context: CliContext): Promise<string[]> {
  const names = namesOf(tiles);
  const made = await writing(folder, () => mkdir(folder, { recursive: true }));
  let isDone = false;
  try {
    // Within the folder, so that moving never copies from one disk to another.
    const staging = await writing(folder, () => mkdtemp(join(folder, '.part-')));
    try {
      await stage(tiles, names, staging, context);
      for (const name of names) {
        const path = join(folder, name);
        await writing(path, () => rename(join(staging, name), path));
      }
      isDone = true;
    } finally {
      await rm(staging, { recursive: true, force: true }).catch(() => undefined);
    }
  } finally {
    if (!isDone && made !== undefined) await removeEmpty(resolve(folder), resolve(made));
  }
  await noteOthers(folder, names, context);
  return names.map((name) => join(folder, name));
}

function namesOf(tiles: readonly Tile[]): string[] {
  const digits = Math.max(2, String((tiles.at(-1)?.image ?? 0) + 1).length);
  return tiles.map(({ image, row, column }) => {
    const place = row === undefined || column === undefined ? 'thumbnail' : `r${row + 1}-c${column + 1}`;
    return `image-${String(image + 1).padStart(digits, '0')}-${place}.png`;
  });
}

async function stage(
  tiles: readonly Tile[],
  names: readonly string[],
  staging: string,
  { quiet, console }: CliContext,
): Promise<void> {
  const showsProgress = !quiet && console.errIsTerminal;
  let shown = -1;
  try {
    for (const [at, { image, reference }] of tiles.entries()) {
      if (image !== shown && showsProgress) console.err(`\rimage ${image + 1}`);
      shown = image;
      const { bytes } = await reference.load();
      const path = join(staging, names[at] as string);
      await writing(path, () => writeFile(path, bytes));
    }
  } finally {
    if (showsProgress) console.err('\r\u001b[K');
  }
}

/** Folders that were made for nothing, from the innermost on; one that holds something stays. */
async function removeEmpty(folder: string, outermost: string): Promise<void> {
  for (let path = folder; path.startsWith(outermost); path = dirname(path)) {
    try {
      await rmdir(path);
    } catch {
      return;
    }
  }
}

async function noteOthers(folder: string, names: readonly string[], context: CliContext): Promise<void> {
  const own = new Set(names);
  const others = (await readdir(folder)).filter((name) => ownName.test(name) && !own.has(name));
  if (others.length === 0) return;
  context.note(`note: ${folder} also holds ${others.length} tiles that are not of these images, such as ${others[0]}`);
}

/** Whole or not at all: under a temporary name first. */
export async function writeOverlay(png: Uint8Array, path: string): Promise<void> {
  const temporary = `${path}.${process.pid}.part`;
  try {
    await writing(path, async () => {
      await mkdir(dirname(resolve(path)), { recursive: true });
      await writeFile(temporary, png);
      await rename(temporary, path);
    });
  } finally {
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}

async function writing<T>(path: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (cause) {
    throw new FettleError(`The file ${path} cannot be written: ${errorMessage(cause)}`, {
      code: 'file-not-written',
      where: path,
      hint: 'Name a place that can be written to.',
      cause,
    });
  }
}
