import { Argument, Command } from 'commander';
import { contextOf } from '../context.ts';

const kinds = ['benchmarks', 'methods', 'models', 'scorers'] as const;

export function listCommand(): Command {
  const command = new Command('list')
    .description('List what there is.')
    .addArgument(new Argument('[kind]', 'only this').choices([...kinds]));
  command.action(async (kind: (typeof kinds)[number] | undefined) => {
    const context = contextOf(command);
    const { catalogue } = await import('../catalogue.ts');
    const everything = await catalogue();
    const wanted = kind === undefined ? kinds : [kind];
    if (context.json) {
      context.printJson(Object.fromEntries(wanted.map((name) => [name, everything[name]])));
      return;
    }
    for (const name of wanted) {
      context.console.out(`${name}\n`);
      const width = Math.max(...everything[name].map((entry) => entry.name.length));
      for (const entry of everything[name])
        context.console.out(`  ${entry.name.padEnd(width)}  ${entry.description}\n`);
    }
  });
  return command;
}
