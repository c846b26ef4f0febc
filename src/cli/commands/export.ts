import { Command, Option } from 'commander';
import { contextOf, findRun, withStore } from '../context.ts';

export function exportCommand(): Command {
  const command = new Command('export')
    .description('Write a run in another form: an Inspect log, JSON Lines, CSV or Parquet.')
    .argument('<run>', 'id, unique beginning of one, or `last`')
    .addOption(
      new Option('--format <name>', 'form of the file')
        .choices(['inspect', 'jsonl', 'csv', 'parquet'])
        .makeOptionMandatory(),
    )
    .option('--out <file>', 'the file (default: the run’s id with the format’s ending)')
    .option('--force', 'overwrite the file');
  command.action(
    async (id: string, options: { format: 'inspect' | 'jsonl' | 'csv' | 'parquet'; out?: string; force?: boolean }) => {
      const context = contextOf(command);
      const { exportRun } = await import('../../report/index.ts');
      await withStore(context, async (store) => {
        const run = await findRun(store, id);
        const ending = options.format === 'inspect' ? 'eval' : options.format;
        const out = options.out ?? `${run.id}.${ending}`;
        await exportRun(store, run.id, options.format, out, { force: options.force === true });
        if (context.json) context.printJson({ file: out, run: run.id, format: options.format });
        else context.console.out(`Wrote ${out}\n`);
      });
    },
  );
  return command;
}
