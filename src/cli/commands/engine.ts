import { Command } from 'commander';
import { contextOf } from '../context.ts';

interface SetupFlags {
  readonly usePython?: string;
  readonly force?: boolean;
  readonly yes?: boolean;
  readonly withTests?: boolean;
}

export function engineCommand(): Command {
  const command = new Command('engine').description('The Python environment of training and of `engine:` models.');
  const setup = new Command('setup')
    .description('Make the environment, or take one that has PyTorch. Nothing else in Fettle needs Python.')
    .option('--use-python <path>', 'take this interpreter or environment as it is, after a check of its versions')
    .option('--force', 'throw away what is there and begin anew')
    .option('--yes', 'do not ask before the download')
    .option('--with-tests', "add what the engine's own tests need");
  setup.action(async (flags: SetupFlags) => {
    const { setupAction } = await import('../engine-action.ts');
    await setupAction(contextOf(setup), flags);
  });
  const status = new Command('status').description(
    'Start the engine and tell its versions and devices. Exit code 1 where it does not work.',
  );
  status.action(async () => {
    const { statusAction } = await import('../engine-action.ts');
    await statusAction(contextOf(status));
  });
  const remove = new Command('remove').description(
    'Remove the environment that `fettle engine setup` made. One of your own is left as it is.',
  );
  remove.action(async () => {
    const { removeAction } = await import('../engine-action.ts');
    await removeAction(contextOf(remove));
  });
  return command.addCommand(setup).addCommand(status).addCommand(remove);
}
