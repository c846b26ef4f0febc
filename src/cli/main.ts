import { CommanderError } from 'commander';
import { FettleError } from '../core/index.ts';
import { errorJson, errorText } from './console.ts';
import { createProgram } from './program.ts';

async function redactor(): Promise<(text: string) => string> {
  const { createRedactor } = await import('../models/redact.ts');
  return createRedactor();
}

/** Runs one command line and sets the exit code: 0 success, 1 failed, 2 wrong usage, 3 a missed gate. */
export async function main(args: readonly string[]): Promise<void> {
  const program = createProgram();
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // `fettle … | head` closes the pipe early; that is no fault.
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      // Commander has written its own message; help and version end with 0.
      process.exitCode = error.exitCode === 0 ? 0 : 2;
      return;
    }
    const redact = await redactor();
    process.stderr.write(errorText(error, redact));
    if (args.includes('--json')) process.stdout.write(errorJson(error, redact));
    process.exitCode = FettleError.isInstance(error) ? error.exitCode : 1;
  }
}
