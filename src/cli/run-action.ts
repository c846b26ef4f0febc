import type { CliContext } from './context.ts';
import { withStore } from './context.ts';
import type { EvaluationOptions } from './evaluation-options.ts';
import { runConfigOf } from './run-config-of.ts';
import { endRun, runHooks } from './run-session.ts';

export async function runAction(word: string, options: EvaluationOptions, context: CliContext): Promise<void> {
  const { startRun } = await import('../workbench/index.ts');
  const config = runConfigOf(word, options, context);
  await withStore(context, async (store) => {
    const session = await runHooks(context, config.configFile);
    try {
      const end = await startRun(config, store, session.hooks);
      session.end();
      await endRun(end, store, context, { gates: options.failUnder ?? [], reportFile: options.out });
    } finally {
      session.end();
    }
  });
}
