import { setTimeout as sleep } from 'node:timers/promises';
import { errorMessage, FettleError } from '../../core/index.ts';
import { collect } from '../bytes/collect.ts';
import { httpGet, publicUrl, type HttpOptions, type HttpResponse } from './http.ts';

const maxJsonBytes = 64 * 2 ** 20;

export interface HttpJsonOptions extends HttpOptions {
  /** Default 4. */
  readonly maxAttempts?: number | undefined;
  /** Default 500 ms, doubled each time. */
  readonly backoffMs?: number | undefined;
}

/** GET of a JSON document; 429 and server errors are tried again. Throws what `httpGet` throws, or `download-failed`. */
export async function httpJson(
  url: string,
  { maxAttempts = 4, backoffMs = 500, ...options }: HttpJsonOptions = {},
): Promise<{ readonly json: unknown; readonly response: HttpResponse }> {
  for (let attempt = 1; ; attempt++) {
    const response = await httpGet(url, options);
    const { status, body } = response;
    let failure: FettleError;
    if (status === 200) {
      try {
        const chunks = body as AsyncIterable<Uint8Array>;
        return { json: parse(await collect(chunks, { label: publicUrl(url), maxBytes: maxJsonBytes }), url), response };
      } catch (error) {
        options.signal?.throwIfAborted();
        if (FettleError.isInstance(error)) throw error;
        failure = new FettleError(`The answer of ${publicUrl(url)} broke off: ${errorMessage(error)}`, {
          code: 'download-failed',
          where: publicUrl(url),
          cause: error,
        });
      }
    } else {
      body.resume();
      failure = new FettleError(`${publicUrl(url)} answers with status ${status}`, {
        code: 'download-failed',
        where: publicUrl(url),
        hint: statusHint(status),
      });
      if (status !== 429 && status < 500) throw failure;
    }
    if (attempt >= maxAttempts) throw failure;
    const after = Number(response.headers['retry-after'] ?? 0);
    await sleep(
      Math.max(Number.isFinite(after) ? Math.min(after, 120) * 1000 : 0, backoffMs * 2 ** (attempt - 1)),
      undefined,
      options.signal === undefined ? {} : { signal: options.signal },
    );
  }
}

function parse(bytes: Uint8Array, url: string): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch (cause) {
    throw new FettleError(`${publicUrl(url)} answers with something else than JSON`, {
      code: 'download-failed',
      where: publicUrl(url),
      hint: 'A proxy or login page may stand in between.',
      cause,
    });
  }
}

function statusHint(status: number): string | undefined {
  if (status === 401 || status === 403) return 'Set HF_TOKEN, and accept the terms of the repository on its page.';
  if (status === 404) return 'Check the name of the repository and its revision; a private one needs HF_TOKEN.';
  return undefined;
}
