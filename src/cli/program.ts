import { readFileSync } from 'node:fs';
import { Command, type Option } from 'commander';
import { compareCommand } from './commands/compare.ts';
import { compareMethodsCommand } from './commands/compare-methods.ts';
import { dataCommand } from './commands/data.ts';
import { engineCommand } from './commands/engine.ts';
import { exportCommand } from './commands/export.ts';
import { listCommand } from './commands/list.ts';
import { modelsCommand } from './commands/models.ts';
import { reportCommand } from './commands/report.ts';
import { resumeCommand } from './commands/resume.ts';
import { runCommand } from './commands/run.ts';
import { runsCommand } from './commands/runs.ts';
import { scoreCommand } from './commands/score.ts';
import { serveCommand } from './commands/serve.ts';
import { showCommand } from './commands/show.ts';
import { tileCommand } from './commands/tile.ts';
import { trainCommand } from './commands/train.ts';
import { printable } from './console.ts';

export function packageVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

/** The whole command line. The command reference in docs/ is generated from what this returns. */
export function createProgram(): Command {
  const program = new Command('fettle')
    .description('Measures, improves and unlearns multimodal language models.')
    .version(packageVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .showHelpAfterError('(fettle --help lists the commands)')
    .configureOutput(output)
    .exitOverride();
  const commands = [
    runCommand(),
    scoreCommand(),
    resumeCommand(),
    runsCommand(),
    showCommand(),
    compareCommand(),
    compareMethodsCommand(),
    reportCommand(),
    exportCommand(),
    serveCommand(),
    trainCommand(),
    tileCommand(),
    dataCommand(),
    engineCommand(),
    modelsCommand(),
    listCommand(),
  ];
  for (const command of commands) {
    addGlobalOptions(command);
    program.addCommand(command);
  }
  return program;
}

/** Commander repeats words of the command line, which may come from a script. */
const output = {
  outputError: (text: string, write: (text: string) => void) => write(printable(text)),
};

function addGlobalOptions(command: Command): void {
  command.configureOutput(output);
  if (command.commands.length > 0) {
    for (const child of command.commands) addGlobalOptions(child);
    command.exitOverride();
    return;
  }
  command
    .option('--json', 'print one JSON document on stdout and nothing else there')
    .option('--home <dir>', 'folder of the store (default: FETTLE_HOME, else .fettle)')
    .option('--quiet', 'no progress and no notes')
    .option('--no-color', 'no colours')
    .exitOverride();
  // A recipe's settings are its configuration.
  if (command.options.some(({ long }) => long === '--config')) return;
  command.option('--config <file>', 'configuration file (default: fettle.config.json here or above)');
}

/** Options of a command, for documentation. */
export function visibleOptions(command: Command): readonly Option[] {
  return command.options.filter((option) => !option.hidden);
}
