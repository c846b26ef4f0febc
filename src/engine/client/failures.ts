import { FettleError } from '../../core/index.ts';
import type { EngineEventOf } from '../protocol/index.ts';

/** How a process ended: one of the two is set, as Node tells it. */
export interface EngineExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export function protocolError(what: string): FettleError {
  return new FettleError(`The engine ${what}.`, {
    code: 'engine-protocol',
    hint: 'The engine and this program do not fit together: is the `engine` folder the one of this version of Fettle?',
  });
}

/** What the engine itself said, in its words. The `cause` has its `details`, and a traceback where it was no fault of the job. */
export function engineError(event: EngineEventOf<'error'>): FettleError {
  const { where, traceback } = event.details;
  const words = typeof traceback === 'string' ? traceback : JSON.stringify(event.details, null, 2);
  return new FettleError(event.message, {
    code: `engine-${event.code.replaceAll('_', '-')}`,
    hint: event.hint === '' ? undefined : event.hint,
    where: typeof where === 'string' ? where : undefined,
    cause: Object.assign(new Error(words), { details: event.details }),
  });
}

/** The engine ended without having said why. */
export function diedError(exit: EngineExit, during: string, stderr: { text(): string; lines(): string }): FettleError {
  const how = exit.signal === null ? `with exit code ${exit.code ?? 'unknown'}` : `by signal ${exit.signal}`;
  const words = stderr.lines();
  return new FettleError(`The engine ended ${how} ${during}.${words === '' ? '' : ` Its last words:\n${words}`}`, {
    code: 'engine-died',
    hint: adviceFor(exit),
    cause: stderr.text() === '' ? undefined : new Error(stderr.text()),
  });
}

function adviceFor({ code, signal }: EngineExit): string {
  // 137 = 128 + SIGKILL, as a launcher or a container tells it; 4 is the engine's own code.
  if (signal === 'SIGKILL' || code === 137 || code === 4) {
    return 'Probably the machine ran out of memory and the system ended the process: take smaller batches (in training, more microBatches; of a model, ?batch=8), or close other programs.';
  }
  if (signal === 'SIGSEGV' || signal === 'SIGBUS' || signal === 'SIGILL' || code === 139) {
    return 'A native library crashed. `fettle engine status` shows the versions; `fettle engine setup --force` makes the environment anew.';
  }
  if (signal === 'SIGTERM' || signal === 'SIGINT' || signal === 'SIGHUP') {
    return 'Another program ended it. Training goes on from its newest checkpoint, and a run from its journal, with the same command.';
  }
  if (code === 1) {
    return 'If a Python package is missing or broken, `fettle engine setup --force` makes the environment anew.';
  }
  return 'Run it again with FETTLE_DEBUG=1 to see all that the engine wrote.';
}
