import { homedir } from 'node:os';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { type RunRecord, type Store, usageError } from '../core/index.ts';
import type { FolderStore } from '../store/index.ts';
import { type Console, printable, processConsole } from './console.ts';

/** Options that every command takes. */
export interface GlobalOptions {
  readonly json?: boolean;
  readonly home?: string;
  readonly config?: string;
  readonly quiet?: boolean;
  readonly color?: boolean;
}

export interface CliContext {
  readonly console: Console;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly configFile: string | undefined;
  /** The folder of the store. */
  readonly home: string;
  /** A line for people on stderr, left out with --quiet. */
  note(text: string): void;
  printJson(value: unknown): void;
}

export function contextOf(command: Command): CliContext {
  const options = command.optsWithGlobals<GlobalOptions>();
  const console = processConsole({ color: options.color === false ? false : undefined });
  const home = options.home ?? process.env['FETTLE_HOME'] ?? '.fettle';
  return {
    console,
    json: options.json === true,
    quiet: options.quiet === true,
    configFile: options.config,
    home: resolve(home.replace(/^~(?=\/)/, homedir())),
    note(text) {
      if (options.quiet !== true) console.err(`${printable(text)}\n`);
    },
    printJson(value) {
      console.out(`${JSON.stringify(value)}\n`);
    },
  };
}

/** Opens the store for the time of `use`. */
export async function withStore<T>(context: CliContext, use: (store: FolderStore) => Promise<T>): Promise<T> {
  const { openStore } = await import('../store/index.ts');
  const store = await openStore(context.home, {
    onWarning: (text: string) => context.console.err(`warning: ${printable(text)}\n`),
  });
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

/** A run by id, unique beginning, or `last`. */
export async function findRun(store: Store, id: string): Promise<RunRecord> {
  const run = id === 'last' ? (await store.listRuns())[0] : await store.getRun(id);
  if (run === undefined) {
    throw usageError(id === 'last' ? 'There is no run yet.' : `There is no run "${id}".`, {
      code: 'unknown-run',
      hint: '`fettle runs` lists what there is; `last` stands for the newest. Is --home the folder that you mean?',
    });
  }
  return run;
}
