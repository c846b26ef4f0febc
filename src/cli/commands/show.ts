import { Command } from 'commander';
import { contextOf, findRun, withStore } from '../context.ts';
import { wholeNumber } from '../parse-options.ts';

export function showCommand(): Command {
  const command = new Command('show')
    .description('Show a run’s table, or one sample of it with its calls.')
    .argument('<run>', 'id, unique beginning of one, or `last`')
    .argument('[sample]', 'id of a sample')
    .option('--epoch <n>', 'of a sample that was answered several times', wholeNumber(1));
  command.action(async (id: string, sampleId: string | undefined, options: { epoch?: number }) => {
    const context = contextOf(command);
    const { showRun, showSample } = await import('../show.ts');
    await withStore(context, async (store) => {
      const run = await findRun(store, id);
      if (sampleId === undefined) await showRun(store, run, context);
      else await showSample(store, run, sampleId, options.epoch, context);
    });
  });
  return command;
}
