import { rmSync } from 'node:fs';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ImageReference } from '../../core/index.ts';

/** An image as a file that the engine reads. */
export interface HeldImage {
  readonly sha256: string;
  readonly path: string;
}

/** Files for the engine in a folder of this process alone: images by hash while somebody needs them, and vectors. */
export interface EngineFiles {
  /** Where the engine may write. */
  folder(): Promise<string>;
  /** Writes the image unless it lies there. `release` it once for each `hold`. Throws what loading it throws. */
  hold(image: ImageReference): Promise<HeldImage>;
  release(image: HeldImage): void;
  /** Removes the folder. */
  close(): Promise<void>;
}

const open = new Set<string>();
process.on('exit', () => {
  for (const folder of open) rmSync(folder, { recursive: true, force: true });
});

export function createEngineFiles(): EngineFiles {
  let made: Promise<string> | undefined;
  const held = new Map<string, { users: number; readonly written: Promise<string> }>();
  let written = 0;

  const folder = async (): Promise<string> => {
    // Names of a picture's file are hashes that others may know, so nobody else may look into the folder.
    made ??= mkdtemp(join(tmpdir(), 'fettle-engine-')).then((path) => {
      open.add(path);
      return path;
    });
    try {
      return await made;
    } catch (error) {
      made = undefined;
      throw error;
    }
  };

  async function write(sha256: string, bytes: Uint8Array): Promise<string> {
    // A number behind the hash, because the same image may come again while its file is being removed.
    const path = join(await folder(), `${sha256}-${++written}`);
    await writeFile(`${path}.part`, bytes);
    await rename(`${path}.part`, path);
    return path;
  }

  function leave(sha256: string): void {
    const entry = held.get(sha256);
    if (entry === undefined) return;
    entry.users -= 1;
    if (entry.users > 0) return;
    held.delete(sha256);
    // A file that is left for the end of the process is no fault of the request.
    void entry.written.then((path) => rm(path, { force: true })).catch(() => undefined);
  }

  return {
    folder,
    async hold(image) {
      const { sha256, bytes } = await image.load();
      const entry = held.get(sha256) ?? { users: 0, written: write(sha256, bytes) };
      held.set(sha256, entry);
      entry.users += 1;
      try {
        return { sha256, path: await entry.written };
      } catch (error) {
        leave(sha256);
        throw error;
      }
    },
    release: ({ sha256 }) => leave(sha256),
    async close() {
      const path = await made?.catch(() => undefined);
      made = undefined;
      if (path === undefined) return;
      await rm(path, { recursive: true, force: true });
      open.delete(path);
    },
  };
}
