import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import type { FettleError } from '../../core/index.ts';
import type { EngineEvent } from '../protocol/index.ts';
import { eventReader } from './event-reader.ts';
import type { EngineExit } from './failures.ts';
import { StderrTail } from './stderr-tail.ts';

export interface EngineProcessOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  onEvent(event: EngineEvent): void;
  /** Something else than the protocol on stdout; the process is killed. */
  onFault(error: FettleError): void;
  /** All of stdout has been read. Comes once, also when the program could not be started. */
  onExit(exit: EngineExit, startError: Error | undefined): void;
  readonly onStderr?: ((text: string) => void) | undefined;
}

/** Time in which what is left in the pipes is read after the process has ended, when a grandchild keeps them open. */
const drainMs = 2000;

const living = new Set<EngineProcess>();

// Ends without waiting: the engine saves on SIGTERM, and ends by itself once its stdin is closed.
process.on('exit', () => {
  for (const engine of living) engine.signal('SIGTERM');
});

/** One engine process with its own process group, so that signals reach its children too. */
export class EngineProcess {
  readonly stderr = new StderrTail();
  readonly exited: Promise<EngineExit>;
  readonly #child: ChildProcessWithoutNullStreams;
  #hasExited = false;

  constructor(options: EngineProcessOptions) {
    const child = spawn(options.command, options.args, {
      env: options.environment,
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
    this.#child = child;
    living.add(this);

    const read = eventReader({
      onEvent: (event) => options.onEvent(event),
      onFault: (error) => {
        options.onFault(error);
        this.signal('SIGKILL');
      },
    });
    child.stdout.on('data', read);
    child.stderr.on('data', (chunk: Buffer) => {
      this.stderr.push(chunk);
      options.onStderr?.(chunk.toString('utf8'));
    });
    // A dead engine's pipe breaks; that it died is told by `exit`.
    for (const stream of [child.stdin, child.stdout, child.stderr]) stream.on('error', () => undefined);

    this.exited = new Promise((resolve) => {
      const finish = (exit: EngineExit, startError?: Error): void => {
        if (this.#hasExited) return;
        this.#hasExited = true;
        living.delete(this);
        options.onExit(exit, startError);
        resolve(exit);
      };
      child.once('error', (error) => {
        if (child.pid === undefined) finish({ code: null, signal: null }, error);
      });
      child.once('close', (code, signal) => finish({ code, signal }));
      child.once('exit', (code, signal) => {
        // Children that outlive their leader would hold memory, a GPU and the pipes.
        this.#kill('SIGKILL');
        setTimeout(() => {
          child.stdout.destroy();
          child.stderr.destroy();
          finish({ code, signal });
        }, drainMs).unref();
      });
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get hasExited(): boolean {
    return this.#hasExited;
  }

  write(line: string): void {
    if (this.#child.stdin.writable) this.#child.stdin.write(`${line}\n`);
  }

  endInput(): void {
    this.#child.stdin.end();
  }

  /** To the whole group; a process that is gone is no fault. */
  signal(name: NodeJS.Signals): void {
    if (!this.#hasExited) this.#kill(name);
  }

  #kill(name: NodeJS.Signals): void {
    const { pid } = this.#child;
    if (pid === undefined) return;
    try {
      if (process.platform === 'win32') this.#child.kill(name);
      else process.kill(-pid, name);
    } catch {
      // ESRCH: it ended in the meantime.
    }
  }

  /** Waits, then SIGTERM, waits, then SIGKILL. */
  async end(times: { readonly waitMs: number; readonly termMs: number }): Promise<EngineExit> {
    if (!(await this.#within(times.waitMs))) {
      this.signal('SIGTERM');
      if (!(await this.#within(times.termMs))) this.signal('SIGKILL');
    }
    return this.exited;
  }

  async #within(ms: number): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const timer = setTimeout(() => resolve(false), ms);
    void this.exited.then(() => resolve(true));
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
    }
  }
}
