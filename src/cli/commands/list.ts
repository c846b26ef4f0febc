import { Argument, Command } from 'commander';
import type { CatalogueEntry } from '../catalogue.ts';
import { contextOf } from '../context.ts';

/** Settings of a recipe for people, below its name. */
function settingLines({ settings = [] }: CatalogueEntry): string {
  const width = Math.max(0, ...settings.map(({ name }) => name.length));
  return settings
    .map(({ name, default: value, values, description }) => {
      const words = [
        description,
        values?.join(', '),
        value === undefined ? undefined : `default ${typeof value === 'string' ? value : JSON.stringify(value)}`,
      ];
      return `    ${name.padEnd(width)}  ${words.filter((word) => word !== undefined).join('; ')}`.trimEnd() + '\n';
    })
    .join('');
}

const kinds = ['benchmarks', 'methods', 'models', 'recipes', 'scorers'] as const;

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
      for (const entry of everything[name]) {
        context.console.out(`  ${entry.name.padEnd(width)}  ${entry.description}\n`);
        // Long, so only where they were asked for.
        if (kind === name) context.console.out(settingLines(entry));
      }
    }
  });
  return command;
}
