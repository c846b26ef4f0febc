import { mkdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { FettleError } from '../../core/index.ts';

/** Two set-ups of one folder would break each other: the second waits for the first. */
export async function withSetupLock<T>(
  folder: string,
  { onWait, signal, waitMs = 45 * 60_000 }: { onWait?: () => void; signal?: AbortSignal | undefined; waitMs?: number },
  work: () => Promise<T>,
): Promise<T> {
  await mkdir(folder, { recursive: true });
  // Loaded when used: it would slow every start.
  const { lock } = await import('proper-lockfile');
  const until = Date.now() + waitMs;
  let release: (() => Promise<void>) | undefined;
  for (let said = false; release === undefined;) {
    try {
      // A process that was killed leaves a lock that is stale after this time.
      release = await lock(folder, {
        lockfilePath: `${folder}.lock`,
        realpath: false,
        stale: 20_000,
        update: 5_000,
        onCompromised: () => undefined,
      });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ELOCKED')) throw error;
      if (Date.now() > until) {
        throw new FettleError(`Another set-up of ${folder} is still running.`, {
          code: 'engine-locked',
          hint: 'Wait for it, or end it, and run this again.',
        });
      }
      if (!said) onWait?.();
      said = true;
      await sleep(1000, undefined, { signal });
    }
  }
  try {
    return await work();
  } finally {
    // The folder may have been removed with the lock's owner.
    await release().catch(() => undefined);
  }
}
