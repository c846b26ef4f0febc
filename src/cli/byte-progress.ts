import type { CliContext } from './context.ts';

/** Megabytes of one download on stderr: redrawn in a terminal, every few seconds elsewhere. */
export function byteProgress(
  name: string,
  total: number | undefined,
  context: CliContext,
): { update(progress: { readonly bytes: number }): void; end(): void } {
  const isTerminal = context.console.errIsTerminal;
  const everyMs = isTerminal ? 150 : 3000;
  let last = performance.now();
  let drawn = false;
  return {
    update({ bytes }) {
      const now = performance.now();
      if (context.quiet || now - last < everyMs) return;
      last = now;
      const share = total === undefined ? '' : ` of ${(total / 1e6).toFixed(0)}`;
      const text = `${name}: ${(bytes / 1e6).toFixed(0)}${share} MB`;
      context.console.err(isTerminal ? `\r\u001B[2K${text}` : `${text}\n`);
      drawn = isTerminal;
    },
    end() {
      if (drawn) context.console.err('\r\u001B[2K');
      drawn = false;
    },
  };
}
