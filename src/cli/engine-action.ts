import { createInterface } from 'node:readline/promises';
import { FettleError, usageError } from '../core/index.ts';
import {
  engineStatus,
  removeEngine,
  type PipProgress,
  setupEngine,
  type SetupOptions,
  type SetupPlan,
} from '../engine/index.ts';
import { printable } from './console.ts';
import type { CliContext } from './context.ts';

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;

/** `fettle engine setup`. */
export async function setupAction(
  context: CliContext,
  flags: Pick<SetupOptions, 'usePython' | 'force' | 'withTests'> & { readonly yes?: boolean },
): Promise<void> {
  const interrupt = new AbortController();
  const stop = (): void => {
    const hint = 'Run it again: it goes on from what was installed.';
    interrupt.abort(new FettleError('The set-up was interrupted.', { code: 'interrupted', hint }));
  };
  // Not `once`: the lock's own handler ends the process where no other is left.
  process.on('SIGINT', stop).on('SIGTERM', stop);
  const view = setupProgress(context);
  try {
    const { engine, present, ready, seconds } = await setupEngine({
      ...flags,
      signal: interrupt.signal,
      onProgress: (progress) => view.update(progress),
      confirm: async (plan) => {
        view.end();
        context.note(planText(plan));
        return flags.yes === true || (await ask(context));
      },
    });
    view.end();
    if (context.json) {
      return context.printJson({
        python: engine.python,
        adopted: engine.adopted,
        folder: engine.folder,
        present,
        versions: ready.versions,
        device: ready.device,
        devices: ready.devices,
        seconds: Number(seconds.toFixed(1)),
      });
    }
    const what = present ? 'The engine is there already' : `The engine is set up (${seconds.toFixed(0)} s)`;
    context.console.out(
      `${printable(`${what}: ${engine.python}, PyTorch ${ready.versions['torch'] ?? '?'}, device ${ready.device}`)}\n`,
    );
  } finally {
    view.end();
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
}

function planText({ folder, size, freeBytes }: SetupPlan): string {
  const build = {
    cpu: 'PyTorch for the CPU',
    cuda: 'PyTorch with CUDA',
    unknown: 'PyTorch',
  }[size.build];
  return `To install: ${build} and what goes with it, about ${gigabytes(size.download)} to fetch (less what pip has in its cache), about ${gigabytes(size.unpacked)} on the disk, in ${folder} (${gigabytes(freeBytes)} free).`;
}

async function ask(context: CliContext): Promise<boolean> {
  if (!context.console.errIsTerminal || process.stdin.isTTY !== true) {
    throw usageError('Nobody can be asked here.', { hint: 'Say --yes to install without a question.' });
  }
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^\s*(y|yes)?\s*$/i.test(await lines.question('Go on? [Y/n] '));
  } finally {
    lines.close();
  }
}

/** One line that is redrawn in a terminal; elsewhere a line every few seconds. */
function setupProgress(context: CliContext): { update(progress: PipProgress): void; end(): void } {
  const isTerminal = context.console.errIsTerminal;
  const everyMs = isTerminal ? 150 : 5000;
  let last = performance.now();
  let drawn = false;
  const clear = (): void => {
    if (drawn) context.console.err('\r\u001B[2K');
    drawn = false;
  };
  return {
    update(progress) {
      if (context.quiet) return;
      if (progress.kind === 'note') {
        clear();
        context.note(progress.text);
        return;
      }
      const now = performance.now();
      if (now - last < everyMs) return;
      last = now;
      const { file, bytes, total, sum } = progress;
      const megabytes = (count: number): string => (count / 1e6).toFixed(0);
      const share = total === null ? '' : ` of ${megabytes(total)}`;
      const text = printable(
        `${bar(bytes, total)}${file.slice(0, 50)} ${megabytes(bytes)}${share} MB, ${gigabytes(sum)} in all`,
      );
      clear();
      context.console.err(isTerminal ? text.slice(0, Math.max(20, context.console.width - 1)) : `${text}\n`);
      drawn = isTerminal;
    },
    end: clear,
  };

  function bar(bytes: number, total: number | null): string {
    if (!isTerminal || total === null) return '';
    const filled = Math.min(20, Math.round((20 * bytes) / total));
    return `[${'#'.repeat(filled)}${' '.repeat(20 - filled)}] `;
  }
}

/** `fettle engine status`. */
export async function statusAction(context: CliContext): Promise<void> {
  const status = await engineStatus();
  if (!status.works) process.exitCode = 1;
  if (context.json) return context.printJson(status);
  const say = (name: string, value: string): void => context.console.out(`${name.padEnd(12)} ${printable(value)}\n`);
  say('engine', status.works ? 'works' : (status.problem ?? 'does not work'));
  if (status.hint !== null) say('', status.hint);
  const sources = { made: 'made by Fettle', adopted: 'your own', variable: 'named by FETTLE_ENGINE_PYTHON' };
  if (status.python !== null) {
    say('python', `${status.python}${status.source === null ? '' : ` (${sources[status.source]})`}`);
  }
  say('folder', status.folder);
  if (status.bytes !== null) say('size', gigabytes(status.bytes));
  if (status.createdAt !== null) say('made', status.createdAt);
  if (status.device !== null) say('device', status.device);
  for (const device of status.devices) say('', `${device.name}, ${gigabytes(device.memoryBytes)}`);
  for (const [name, version] of Object.entries(status.versions)) say(name, version);
}

/** `fettle engine remove`. */
export async function removeAction(context: CliContext): Promise<void> {
  const result = await removeEngine();
  if (context.json) return context.printJson(result);
  context.console.out(
    result.removed
      ? `Removed ${printable(result.folder)} (${gigabytes(result.bytes)}).\n`
      : `There was nothing at ${printable(result.folder)}.\n`,
  );
}
