import { FettleError, errorMessage } from '../core/index.ts';
// The one file, not the room: its figures and plots would slow every start.
import { escapeTerminal } from '../report/escape-terminal.ts';

/** Where a command writes. The one place that knows of the process. */
export interface Console {
  /** What was asked for: tables, JSON. */
  out(text: string): void;
  /** Everything else: progress, notes, errors. */
  err(text: string): void;
  readonly color: boolean;
  readonly outIsTerminal: boolean;
  readonly errIsTerminal: boolean;
  readonly width: number;
}

export function processConsole(options: { color?: boolean | undefined } = {}): Console {
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    color: options.color ?? (process.stdout.isTTY === true && process.env['NO_COLOR'] === undefined),
    outIsTerminal: process.stdout.isTTY === true,
    errIsTerminal: process.stderr.isTTY === true,
    width: process.stdout.columns ?? 80,
  };
}

/** Control characters of hostile texts never reach the terminal. */
export function printable(text: string): string {
  return escapeTerminal(text, { keepLines: true });
}

/** What is wrong, where, how to mend it. */
export function errorText(error: unknown, redact: (text: string) => string): string {
  const lines: string[] = [];
  if (FettleError.isInstance(error)) {
    lines.push(`error: ${error.message}`);
    if (error.where !== undefined) lines.push(`  where: ${error.where}`);
    if (error.hint !== undefined) lines.push(`  hint:  ${error.hint}`);
    if (process.env['FETTLE_DEBUG'] !== undefined && error.cause !== undefined) {
      lines.push(error.cause instanceof Error ? (error.cause.stack ?? error.cause.message) : String(error.cause));
    }
  } else {
    lines.push(`error: ${errorMessage(error)}`);
    lines.push('  This is a fault in Fettle, not in what you asked for. With FETTLE_DEBUG=1 it says more.');
    if (process.env['FETTLE_DEBUG'] !== undefined && error instanceof Error) lines.push(error.stack ?? '');
  }
  return `${printable(redact(lines.join('\n')))}\n`;
}

export function errorJson(error: unknown, redact: (text: string) => string): string {
  const record = FettleError.isInstance(error)
    ? { code: error.code, message: error.message, where: error.where, hint: error.hint }
    : { code: 'unexpected', message: errorMessage(error) };
  return `${redact(JSON.stringify({ error: record }))}\n`;
}
