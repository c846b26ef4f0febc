import { mkdir, statfs } from 'node:fs/promises';
import { FettleError } from '../../core/index.ts';

/** What a set-up takes, in bytes: figures of the pinned PyTorch, rounded up. */
export interface SetupSize {
  readonly build: 'cpu' | 'cuda' | 'unknown';
  readonly download: number;
  readonly unpacked: number;
}

const gigabyte = 1e9;

/** By the names of what pip would install. PyTorch for CUDA comes with packages of NVIDIA's. */
export function setupSize(packages: readonly string[] | undefined): SetupSize {
  if (packages === undefined) return { build: 'unknown', download: 3 * gigabyte, unpacked: 5 * gigabyte };
  const isCuda = packages.some((name) => name.startsWith('nvidia-') || name.startsWith('cuda-'));
  return isCuda
    ? { build: 'cuda', download: 3 * gigabyte, unpacked: 5 * gigabyte }
    : { build: 'cpu', download: 0.4 * gigabyte, unpacked: 1.6 * gigabyte };
}

export async function freeBytes(folder: string): Promise<number> {
  await mkdir(folder, { recursive: true });
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

/** Throws `engine-disk` where there is no room; `noCache` where there is room only without pip's own copies. */
export function planDisk(size: SetupSize, free: number, folder: string): { noCache: boolean } {
  // All files lie fetched in a temporary folder until they are unpacked.
  const least = size.download + size.unpacked;
  if (free < least) {
    throw new FettleError(
      `There is not enough room: about ${gigabytes(least)} are needed while it is made, ${gigabytes(free)} are free at ${folder}.`,
      {
        code: 'engine-disk',
        hint: 'Make room, or name a folder on another disk in FETTLE_ENGINE_HOME. An environment that has PyTorch is taken with --use-python PATH.',
      },
    );
  }
  return { noCache: free < least + size.download };
}

export function gigabytes(bytes: number): string {
  return `${(bytes / gigabyte).toFixed(1)} GB`;
}
