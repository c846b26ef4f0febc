import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorMessage, FettleError } from '../../core/index.ts';
import { diskFull } from '../archives/extract-archive.ts';
import { byteCount } from '../bytes/byte-count.ts';
import { withFileLock } from './file-lock.ts';
import { httpGet, publicUrl, type HttpOptions, type HttpResponse } from './http.ts';
import { PartFile } from './part-file.ts';
import { receivedChunks } from './received-chunks.ts';

export interface DownloadProgress {
  readonly bytes: number;
  /** Undefined where the server does not say. */
  readonly total: number | undefined;
}

export interface DownloadOptions extends HttpOptions {
  readonly url: string;
  /** Where the file goes. Its folder is made. */
  readonly path: string;
  /** Lower-case hex; pins the content. */
  readonly sha256?: string | undefined;
  /** Expected size. */
  readonly bytes?: number | undefined;
  /** Refuse more than this. Default 1 TiB. */
  readonly maxBytes?: number | undefined;
  /** Attempts in a row that bring nothing, before giving up. Default 5; 2 where the host was never reached. */
  readonly maxAttempts?: number | undefined;
  /** First wait before another attempt; it doubles each time. Default 500 ms. */
  readonly backoffMs?: number | undefined;
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
}

export interface Downloaded {
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
  /** True where the file was there already. */
  readonly reused: boolean;
}

/**
 * Downloads a file so that it is either absent or whole and right.
 * Bytes gather in `PATH.part`; after a cut, in this process or a later one, they are continued where server and ETag allow.
 * A second process that wants the same file waits for the first.
 *
 * Throws a FettleError `download-unreachable`, `download-refused`, `download-failed` (status, cuts),
 * `download-corrupt` (wrong size or sha256; the bytes are kept as `PATH.bad`) or `disk-full`.
 */
export async function download(options: DownloadOptions): Promise<Downloaded> {
  const { path, signal } = options;
  await mkdir(dirname(path), { recursive: true });
  try {
    return await withFileLock(path, signal, async () => (await existing(options)) ?? (await fetchFile(options)));
  } catch (error) {
    throw diskFull(error, path);
  }
}

/** The file, where it is there: with the pinned content, or any content where nothing is pinned. */
async function existing({ path, sha256, bytes }: DownloadOptions): Promise<Downloaded | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined || !found.isFile() || (bytes !== undefined && found.size !== bytes)) return undefined;
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  const digest = hash.digest('hex');
  if (sha256 !== undefined && digest !== sha256.toLowerCase()) return undefined;
  return { path, sha256: digest, bytes: found.size, reused: true };
}

async function fetchFile(options: DownloadOptions): Promise<Downloaded> {
  const { path, url, sha256, bytes, backoffMs = 500, signal } = options;
  const part = await PartFile.open(path);
  try {
    let reached = false;
    for (let failures = 0; ;) {
      signal?.throwIfAborted();
      const before = part.size;
      const outcome = await attempt(part, options).catch((error: unknown) => {
        if (signal?.aborted === true) throw signal.reason;
        if (!isTransient(error)) throw error;
        return { error, waitMs: 0 };
      });
      if (outcome === 'complete') break;
      reached ||= !isUnreachable(outcome.error);
      failures = part.size > before ? 1 : failures + 1;
      const most = Math.min(options.maxAttempts ?? 5, reached ? Number.POSITIVE_INFINITY : 2);
      if (failures >= most) throw gaveUp(url, part.size, outcome.error);
      const waitMs = Math.max(outcome.waitMs, backoffMs * 2 ** (failures - 1) * (0.75 + Math.random() / 2));
      signal?.throwIfAborted();
      await sleep(waitMs, undefined, signal === undefined ? {} : { signal });
    }
    const digest = part.digest();
    const size = part.size;
    const wrong =
      bytes !== undefined && size !== bytes
        ? `it has ${size} bytes, ${bytes} were expected`
        : sha256 !== undefined && digest !== sha256.toLowerCase()
          ? `its sha256 is ${digest}, ${sha256} was expected`
          : undefined;
    if (wrong !== undefined) {
      await part.reject();
      throw new FettleError(`What ${publicUrl(url)} gave is not what was expected: ${wrong}`, {
        code: 'download-corrupt',
        where: publicUrl(url),
        hint: `The bytes are kept as ${path}.bad. The file may have changed at its source, or something on the way changes it.`,
      });
    }
    await part.finish();
    return { path, sha256: digest, bytes: size, reused: false };
  } finally {
    await part.close();
  }
}

interface Failure {
  readonly error: unknown;
  readonly waitMs: number;
}

/** One request; what it brings is added to the part. */
async function attempt(part: PartFile, options: DownloadOptions): Promise<'complete' | Failure> {
  const { url, bytes, sha256, maxBytes = 2 ** 40, onProgress } = options;
  const { validator } = part;
  const same = validator !== undefined && validator.url === url;
  const condition = same ? (strongEtag(validator.etag) ?? validator.lastModified) : undefined;
  // Without a validator only a pinned hash can tell that the two halves belong together.
  if (part.size > 0 && condition === undefined && sha256 === undefined) await part.restart();
  const resume: Record<string, string> = part.size > 0 ? { range: `bytes=${part.size}-` } : {};
  if (part.size > 0 && condition !== undefined) resume['if-range'] = condition;

  const response = await httpGet(url, { ...options, headers: { ...options.headers, ...resume } });
  const { status, headers, body } = response;
  if (status === 416 && part.size > 0) {
    body.resume();
    if (headers['content-range'] === `bytes */${part.size}`) return 'complete';
    await part.restart();
    return { error: new Error('the server has no such range'), waitMs: 0 };
  }
  if (status !== 200 && status !== 206) return failedStatus(response, url);
  const received = receivedChunks(body);
  const start = status === 206 ? Number(/^bytes (\d+)-/.exec(headers['content-range'] ?? '')?.[1]) : 0;
  if (start !== part.size) {
    // 200: the server ignores ranges or the file has changed. A 206 from elsewhere cannot be used at all.
    await part.restart();
    if (start !== 0) {
      body.destroy();
      return { error: new Error('the server answered with another range'), waitMs: 0 };
    }
  }
  await part.identify({
    url,
    ...(headers['etag'] === undefined ? {} : { etag: headers['etag'] }),
    ...(headers['last-modified'] === undefined ? {} : { lastModified: headers['last-modified'] }),
  });
  const length = headers['content-length'];
  const total = length === undefined ? undefined : start + Number(length);
  const limit = bytes ?? maxBytes;
  if ((total ?? 0) > limit) {
    body.destroy();
    throw tooLong(url, total, limit);
  }
  onProgress?.({ bytes: part.size, total: total ?? bytes });
  for await (const chunk of received) {
    if (part.size + chunk.length > limit) throw tooLong(url, total, limit);
    await part.append(chunk);
    onProgress?.({ bytes: part.size, total: total ?? bytes });
  }
  if (total !== undefined && part.size < total) return { error: new Error('the connection was cut'), waitMs: 0 };
  return 'complete';
}

/** A weak ETag does not promise the same bytes. */
function strongEtag(etag: string | undefined): string | undefined {
  return etag !== undefined && !etag.startsWith('W/') ? etag : undefined;
}

async function failedStatus({ status, headers, body }: HttpResponse, url: string): Promise<Failure> {
  body.resume();
  const hint =
    status === 401 || status === 403
      ? 'The file may need an account: for Hugging Face set HF_TOKEN and accept the terms of the data set on its page.'
      : status === 404 || status === 410
        ? 'It may have been moved or removed.'
        : undefined;
  const error = new FettleError(`${publicUrl(url)} answers with status ${status}`, {
    code: 'download-failed',
    where: publicUrl(url),
    hint,
  });
  if (status !== 408 && status !== 425 && status !== 429 && status < 500) throw error;
  const after = headers['retry-after'];
  const seconds =
    after === undefined ? 0 : /^\d+$/.test(after) ? Number(after) : (Date.parse(after) - Date.now()) / 1000;
  return { error, waitMs: Math.min(Math.max(0, seconds || 0), 120) * 1000 };
}

function tooLong(url: string, total: number | undefined, limit: number): FettleError {
  return new FettleError(
    `${publicUrl(url)} is larger than expected: ${total === undefined ? 'more than' : `${byteCount(total)} instead of`} ${byteCount(limit)}`,
    { code: 'download-corrupt', where: publicUrl(url), hint: 'The file may have changed at its source.' },
  );
}

function isUnreachable(error: unknown): boolean {
  return FettleError.isInstance(error) && error.code === 'download-unreachable';
}

/** Errors of connections and servers may pass; those of disks, limits and refusals do not. */
function isTransient(error: unknown): boolean {
  if (FettleError.isInstance(error)) return isUnreachable(error);
  const code = (error as NodeJS.ErrnoException).code ?? '';
  return /^(?:UND_ERR_|ECONN|EPIPE|ETIMEDOUT|EAI_AGAIN|ENETDOWN|ENETUNREACH|EHOSTUNREACH|ERR_STREAM|HPE_)/.test(code);
}

function gaveUp(url: string, size: number, error: unknown): FettleError {
  if (FettleError.isInstance(error)) return error;
  return new FettleError(
    `The download of ${publicUrl(url)} broke off after ${byteCount(size)}: ${errorMessage(error)}`,
    {
      code: 'download-failed',
      where: publicUrl(url),
      hint: 'Run it again: it goes on where it stopped.',
      cause: error,
    },
  );
}
