import { Command } from 'commander';
import { contextOf, findRun, withStore } from '../context.ts';
import type { Gate } from '../gates.ts';
import { budget, gate, wholeNumber } from '../parse-options.ts';

export function resumeCommand(): Command {
  const command = new Command('resume')
    .description('Take a run up again where it ended: results are kept, journaled calls are not made again.')
    .argument('<run>', 'id, unique beginning of one, or `last`')
    .option('--budget <limits>', 'new limits, counted over the whole run', budget)
    .option('--concurrency <n>', 'samples and calls in flight at most', wholeNumber(1))
    .option('--keep-going', 'go on when every sample fails')
    .option('--fail-under <score>', 'exit with 3 below this', gate)
    .option('--out <file>', 'write an HTML report too');
  command.action(
    async (
      id: string,
      options: {
        budget?: { tokens?: number; calls?: number; seconds?: number; cost?: number };
        concurrency?: number;
        keepGoing?: boolean;
        failUnder?: Gate[];
        out?: string;
      },
    ) => {
      const context = contextOf(command);
      const { resumeRun } = await import('../../workbench/index.ts');
      const { endRun, runHooks } = await import('../run-session.ts');
      await withStore(context, async (store) => {
        const run = await findRun(store, id);
        const kept = typeof run.config['configFile'] === 'string' ? run.config['configFile'] : undefined;
        const session = await runHooks(context, context.configFile ?? kept);
        try {
          const end = await resumeRun(run.id, store, {
            ...session.hooks,
            changes: {
              ...(options.budget === undefined ? {} : { budget: options.budget }),
              ...(options.concurrency === undefined ? {} : { concurrency: options.concurrency }),
              ...(options.keepGoing === undefined ? {} : { keepGoing: options.keepGoing }),
            },
          });
          session.end();
          await endRun(end, store, context, { gates: options.failUnder ?? [], reportFile: options.out });
        } finally {
          session.end();
        }
      });
    },
  );
  return command;
}
