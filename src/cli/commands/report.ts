import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { usageError } from '../../core/errors.ts';
import { contextOf, findRun, withStore } from '../context.ts';

export function reportCommand(): Command {
  const command = new Command('report')
    .description('Write one self-contained HTML file about one run or several.')
    .argument('<run...>', 'ids, unique beginnings, or `last`')
    .requiredOption('--out <file>', 'the HTML file')
    .option('--force', 'overwrite the file');
  command.action(async (ids: string[], options: { out: string; force?: boolean }) => {
    const context = contextOf(command);
    if (options.force !== true && existsSync(options.out)) {
      throw usageError('The file exists already.', { where: options.out, hint: 'Name another, or pass --force.' });
    }
    const { writeReport } = await import('../write-report.ts');
    await withStore(context, async (store) => {
      const runs = [];
      for (const id of ids) runs.push((await findRun(store, id)).id);
      await writeReport(store, runs, options.out, context);
      if (context.json) context.printJson({ file: options.out, runs });
    });
  });
  return command;
}
