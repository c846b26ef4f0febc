import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { FettleError, usageError, type DataSource } from '../../core/index.ts';
import type { ArchiveLimits } from '../archives/archive-limits.ts';
import { extractArchive } from '../archives/extract-archive.ts';
import { memberName } from '../archives/member-name.ts';
import { download } from './download.ts';
import { withFileLock } from './file-lock.ts';
import { publicUrl } from './http.ts';
import { hubEndpoint } from './hub.ts';
import { mergeFolder } from './merge-folder.ts';
import { readSourceRecord, sourceRecordName, type SourceRecord } from './source-record.ts';

export interface PullProgress {
  /** The file at work, as the source names it. */
  readonly path: string;
  /** From 0. */
  readonly index: number;
  readonly count: number;
  readonly stage: 'download' | 'extract';
  readonly bytes: number;
  readonly total: number | undefined;
}

export interface PullOptions {
  /** Takes the place of scheme and host of every address (and goes before its path): a mirror. Default FETTLE_MIRROR. */
  readonly baseOverride?: string | undefined;
  readonly onProgress?: ((progress: PullProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Pull again, although the folder is complete. */
  readonly force?: boolean | undefined;
  readonly limits?: Partial<ArchiveLimits> | undefined;
  readonly firstByteTimeoutMs?: number | undefined;
  readonly backoffMs?: number | undefined;
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
  /** For the record. */
  readonly now?: (() => Date) | undefined;
}

type FileRecord = SourceRecord['files'][number];

/**
 * Fetches a data set: downloads and verifies every file, extracts archives, and writes `fettle-source.json`.
 * Work happens in `FOLDER.pulling`, which takes the folder's name at the end: the folder is absent, or whole.
 * An interrupted pull goes on where it stopped; a second process waits for the first. A complete folder of the same files is left as it is.
 *
 * Throws what `download` and `extractArchive` throw, and `data-conflict` where the folder holds something else.
 */
export async function pullSource(source: DataSource, folder: string, options: PullOptions = {}): Promise<SourceRecord> {
  await mkdir(dirname(folder), { recursive: true });
  return withFileLock(folder, options.signal, () => pull(source, folder, options));
}

async function pull(source: DataSource, folder: string, options: PullOptions): Promise<SourceRecord> {
  const { signal, force = false, now = () => new Date() } = options;
  const known = await readSourceRecord(folder);
  if (known !== undefined && !force && isSame(known, source)) return known;
  if (known === undefined && (await readdir(folder).catch(() => [])).length > 0) {
    throw new FettleError(`${folder} holds files that were not pulled`, {
      code: 'data-conflict',
      where: folder,
      hint: 'Move them away, or pull into another folder.',
    });
  }
  const staging = `${folder}.pulling`;
  await mkdir(staging, { recursive: true });
  const statePath = join(staging, '.pulled.json');
  const done = new Map((await readState(statePath)).map((file) => [JSON.stringify([file.path, file.url]), file]));
  const files: FileRecord[] = [];
  for (const [index, file] of source.files.entries()) {
    signal?.throwIfAborted();
    const finished = done.get(JSON.stringify([file.path, file.url]));
    const valid = finished !== undefined && (file.sha256 === undefined || file.sha256 === finished.sha256);
    files.push(valid ? finished : await pullFile(file, staging, { index, count: source.files.length, options }));
    await writeFile(statePath, JSON.stringify(files));
  }
  const record: SourceRecord = { title: source.title, license: source.license, pulledAt: now().toISOString(), files };
  await writeFile(join(staging, sourceRecordName), `${JSON.stringify(record, null, 2)}\n`);
  await rm(statePath, { force: true });
  if (known === undefined) await rm(folder, { recursive: true, force: true });
  else await rename(folder, `${folder}.old`);
  await rename(staging, folder);
  await rm(`${folder}.old`, { recursive: true, force: true });
  return record;
}

/** The address that is really asked: that of the source, of a mirror, or of the configured hub. */
export function sourceUrl(
  url: string,
  { baseOverride, environment = process.env }: Pick<PullOptions, 'baseOverride' | 'environment'> = {},
): string {
  const original = new URL(url);
  const onHub = original.origin === 'https://huggingface.co' && environment['HF_ENDPOINT'];
  const base = baseOverride ?? (environment['FETTLE_MIRROR'] || (onHub ? hubEndpoint(environment) : undefined));
  if (base === undefined) return url;
  const mirror = URL.parse(base);
  if (mirror === null || !/^https?:$/.test(mirror.protocol)) {
    throw usageError(`${JSON.stringify(base)} is no http or https address`, {
      hint: 'Write a mirror as https://host/path.',
    });
  }
  return `${mirror.origin}${mirror.pathname.replace(/\/+$/, '')}${original.pathname}${original.search}`;
}

interface FileContext {
  readonly index: number;
  readonly count: number;
  readonly options: PullOptions;
}

async function pullFile(
  file: DataSource['files'][number],
  staging: string,
  { index, count, options }: FileContext,
): Promise<FileRecord> {
  const { onProgress, signal, limits, environment = process.env } = options;
  const url = sourceUrl(file.url, options);
  const path = memberName(file.path, file.url).path;
  const target = join(staging, path);
  const token = environment['HF_TOKEN'];
  const isHub = new URL(url).origin === new URL(hubEndpoint(environment)).origin;
  const report = (stage: PullProgress['stage'], bytes: number, total: number | undefined): void =>
    onProgress?.({ path, index, count, stage, bytes, total });
  const got = await download({
    url,
    path: target,
    ...(file.sha256 === undefined ? {} : { sha256: file.sha256 }),
    ...(file.bytes === undefined ? {} : { bytes: file.bytes }),
    headers: isHub && token ? { authorization: `Bearer ${token}` } : {},
    // The user named the mirror; the addresses of sources themselves must be public.
    allowPrivate: url !== file.url,
    firstByteTimeoutMs: options.firstByteTimeoutMs,
    backoffMs: options.backoffMs,
    onProgress: ({ bytes, total }) => report('download', bytes, total),
    signal,
  });
  const record = {
    path,
    url: file.url,
    ...(url === file.url ? {} : { fetchedFrom: publicUrl(url) }),
    sha256: got.sha256,
    bytes: got.bytes,
    pinned: file.sha256 !== undefined,
  };
  if (file.extract !== true) return record;
  const unpacked = `${target}.unpacked`;
  await rm(unpacked, { recursive: true, force: true });
  const { files, bytes, notes } = await extractArchive(target, unpacked, {
    limits,
    signal,
    onProgress: (progress) => report('extract', progress.bytes, undefined),
  });
  await mergeFolder(unpacked, dirname(target));
  await rm(target);
  return { ...record, extracted: { files, bytes, notes: [...notes] } };
}

async function readState(path: string): Promise<FileRecord[]> {
  try {
    const state = JSON.parse(await readFile(path, 'utf8')) as unknown;
    return Array.isArray(state) ? (state as FileRecord[]) : [];
  } catch {
    return [];
  }
}

/** True where a folder's record is of the files that the source names now. */
function isSame(record: SourceRecord, source: DataSource): boolean {
  return (
    record.files.length === source.files.length &&
    source.files.every((file, index) => {
      const pulled = record.files[index];
      return pulled?.url === file.url && (file.sha256 === undefined || file.sha256.toLowerCase() === pulled.sha256);
    })
  );
}
