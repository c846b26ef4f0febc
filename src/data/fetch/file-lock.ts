import { setTimeout as sleep } from 'node:timers/promises';
import { FettleError } from '../../core/index.ts';

/** A lock whose holder has not renewed it for so long is taken over. */
const staleMs = 15_000;
const pollMs = 300;

/** Runs `act` while no other process works on `path` (a folder `PATH.lock`, renewed while it runs). Waits for its turn. */
export async function withFileLock<T>(
  path: string,
  signal: AbortSignal | undefined,
  act: () => Promise<T>,
): Promise<T> {
  const { lock } = await import('proper-lockfile');
  let release: (() => Promise<void>) | undefined;
  while (release === undefined) {
    signal?.throwIfAborted();
    try {
      release = await lock(path, { realpath: false, stale: staleMs, onCompromised: () => undefined });
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code !== 'ELOCKED') {
        throw new FettleError(`${path} cannot be locked`, {
          code: 'lock-failed',
          where: path,
          hint: code === 'EACCES' || code === 'EROFS' ? 'The folder cannot be written.' : undefined,
          cause: error,
        });
      }
      await sleep(pollMs, undefined, signal === undefined ? {} : { signal });
    }
  }
  try {
    return await act();
  } finally {
    await release().catch(() => undefined);
  }
}
