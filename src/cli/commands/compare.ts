import { Command } from 'commander';
import { contextOf, findRun, withStore } from '../context.ts';

export function compareCommand(): Command {
  const command = new Command('compare')
    .description('Compare runs pair by pair on the same samples; each against the first.')
    .argument('<run...>', 'two runs or more');
  command.action(async (ids: string[]) => {
    const context = contextOf(command);
    const { compareAction } = await import('../compare-action.ts');
    await withStore(context, async (store) => {
      const runs = [];
      for (const id of ids) runs.push(await findRun(store, id));
      await compareAction(store, runs, context);
    });
  });
  return command;
}
