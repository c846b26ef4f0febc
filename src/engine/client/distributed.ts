import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FettleError, usageError } from '../../core/index.ts';
import { engineEnvironment } from '../environment.ts';
import type { EngineEventOf, TrainingJobInput } from '../protocol/index.ts';
import type { EngineCallOptions, StartEngineOptions } from './engine-client.ts';
import { EngineProcess } from './engine-process.ts';
import { diedError } from './failures.ts';
import { parseJob } from './parse-job.ts';
import { processEnvironment } from './process-environment.ts';
import { type TrainingOutcome, TrainingProgress } from './training-progress.ts';

export type RunDistributedOptions = EngineCallOptions &
  Pick<StartEngineOptions, 'engine' | 'allowHub' | 'variables' | 'onStderr' | 'cancelMs' | 'termMs'>;

/**
 * Trains with several processes of this machine, one a GPU or several on the CPU, under torch.distributed.run.
 * Rank 0 tells the events. The losses are those of one process within rounding. Aborting saves a checkpoint.
 */
export async function runDistributed(
  input: TrainingJobInput,
  processes: number,
  options: RunDistributedOptions = {},
): Promise<TrainingOutcome> {
  if (!Number.isInteger(processes) || processes < 1 || processes > 64) {
    throw usageError(`There cannot be ${processes} processes.`, { hint: 'Give a whole number from 1 to 64.' });
  }
  const { signal } = options;
  const job = parseJob(input);
  signal?.throwIfAborted();
  const engine = options.engine ?? engineEnvironment();
  // The launcher's processes would share one stdin, and the wrong one could take the job: it comes as a file.
  const folder = await mkdtemp(join(tmpdir(), 'fettle-job-'));
  try {
    const file = join(folder, 'job.json');
    await writeFile(file, JSON.stringify(job), { mode: 0o600 });

    const progress = new TrainingProgress();
    let last: EngineEventOf<'result' | 'done' | 'stopped' | 'error'> | undefined;
    let fault: FettleError | undefined;
    let startFailure: Error | undefined;
    const launch = ['torch.distributed.run', '--standalone', `--nproc-per-node=${processes}`, '-m'];
    const child = new EngineProcess({
      command: engine.python,
      args: ['-m', ...(processes === 1 ? [] : launch), 'fettle_engine', 'run', '--job', file],
      environment: processEnvironment(engine, { ...options, deterministic: job.deterministic }),
      onStderr: options.onStderr,
      onFault: (error) => {
        fault = error;
      },
      onEvent(event) {
        progress.see(event);
        if (
          event.event === 'result' ||
          event.event === 'done' ||
          event.event === 'stopped' ||
          event.event === 'error'
        ) {
          last = event;
        }
        options.onEvent?.(event);
      },
      onExit(_exit, error) {
        startFailure = error;
      },
    });
    child.endInput();

    // Without a request line to send, the first word is SIGTERM, which saves and stops as `cancel` does.
    const abort = (): void => void child.end({ waitMs: 0, termMs: options.cancelMs ?? 25_000 });
    if (signal?.aborted === true) abort();
    else signal?.addEventListener('abort', abort, { once: true });
    const exit = await child.exited;
    signal?.removeEventListener('abort', abort);

    if (fault !== undefined) throw fault;
    if (last !== undefined) return progress.outcome(last);
    if (signal?.aborted === true) return progress.forcedStop();
    if (startFailure !== undefined) {
      throw new FettleError(`The engine's Python ${engine.python} could not be started: ${startFailure.message}`, {
        code: 'engine-start',
        hint: '`fettle engine setup` makes the environment anew.',
        cause: startFailure,
      });
    }
    throw diedError(exit, progress.where(), child.stderr);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
