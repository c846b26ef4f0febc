import { randomUUID } from 'node:crypto';
import { open, stat, unlink, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FettleError } from '../../core/index.ts';
import { openForReading } from '../bytes/file-source.ts';
import { readFileRange, streamFileRange } from '../bytes/read-file-range.ts';

/** Bytes that can be read from any place. */
export interface RandomAccess {
  readonly size: number;
  read(start: number, end: number): Promise<Uint8Array>;
  stream(start: number, end: number): AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}

/** A file, opened for each use: a tree that nobody closes holds nothing open. */
export async function fileAccess(path: string, label: string): Promise<RandomAccess> {
  const { size } = await stat(path);
  return {
    size,
    async read(start, end) {
      await using handle = await openForReading(path, label);
      return await readFileRange(handle, label, start, end);
    },
    async *stream(start, end) {
      await using handle = await openForReading(path, label);
      yield* streamFileRange(handle, start, end);
    },
    close: async () => undefined,
  };
}

export function bytesAccess(bytes: Uint8Array): RandomAccess {
  return {
    size: bytes.length,
    read: async (start, end) => bytes.subarray(start, end),
    async *stream(start, end) {
      if (end > start) yield bytes.subarray(start, end);
    },
    close: async () => undefined,
  };
}

function handleAccess(handle: FileHandle, label: string, size: number, afterClose?: () => Promise<void>): RandomAccess {
  return {
    size,
    read: (start, end) => readFileRange(handle, label, start, end),
    stream: (start, end) => streamFileRange(handle, start, end),
    async close() {
      await handle.close();
      await afterClose?.();
    },
  };
}

/** Up to here a stream is kept in memory. */
const memoryBytes = 32 * 2 ** 20;

/**
 * Makes a stream readable from any place: in memory while it is small, else in one temporary file
 * of a random name that no longer has a name once it is open (or, on Windows, once it is closed).
 */
export async function bufferedAccess(chunks: AsyncIterable<Uint8Array>, label: string): Promise<RandomAccess> {
  const parts: Uint8Array[] = [];
  let size = 0;
  let spill: { handle: FileHandle; path: string; unlinked: boolean } | undefined;
  try {
    for await (const chunk of chunks) {
      parts.push(chunk);
      size += chunk.length;
      if (size <= memoryBytes) continue;
      spill ??= await openSpill(label);
      await spill.handle.writev(parts.splice(0));
    }
  } catch (error) {
    await spill?.handle.close();
    if (spill !== undefined && !spill.unlinked) await unlink(spill.path);
    throw (error as NodeJS.ErrnoException).code === 'ENOSPC' ? diskFull(label, error) : error;
  }
  if (spill === undefined) return bytesAccess(Buffer.concat(parts, size));
  const { handle, path, unlinked } = spill;
  return handleAccess(handle, label, size, unlinked ? undefined : () => unlink(path));
}

async function openSpill(label: string): Promise<{ handle: FileHandle; path: string; unlinked: boolean }> {
  const path = join(tmpdir(), `fettle-${randomUUID()}.tar`);
  const handle = await open(path, 'wx+', 0o600).catch((cause: unknown) => {
    throw new FettleError(`${label} cannot be unpacked into ${tmpdir()}`, {
      code: 'data-unreadable',
      where: label,
      hint: 'Set TMPDIR to a folder that can be written.',
      cause,
    });
  });
  const unlinked = await unlink(path).then(
    () => true,
    () => false,
  );
  return { handle, path, unlinked };
}

function diskFull(label: string, cause: unknown): FettleError {
  return new FettleError(`There is no space left in ${tmpdir()} to unpack ${label}`, {
    code: 'disk-full',
    where: label,
    hint: 'Free some space, set TMPDIR to another disk, or unpack the archive yourself and give the folder.',
    cause,
  });
}
