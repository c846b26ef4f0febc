import { Command, Option } from 'commander';
import { contextOf } from '../context.ts';
import { assignment, budget, decimal, list, wholeNumber } from '../parse-options.ts';

export interface StepLabelsOptions {
  readonly data?: string;
  readonly model?: string;
  readonly out: string;
  readonly labels: 'tree' | 'monte-carlo';
  readonly depth?: number;
  readonly children?: number;
  readonly nodes?: number;
  readonly editDistance?: number;
  readonly rollouts?: number;
  readonly paths?: number;
  readonly grade?: string;
  readonly leafless: 'keep' | 'drop';
  readonly split?: string;
  readonly tasks?: string[];
  readonly option?: Record<string, string>;
  readonly limit?: number;
  readonly seed?: number;
  readonly concurrency?: number;
  readonly temperature?: number;
  readonly topP?: number;
  readonly maxTokens?: number;
  readonly budget?: { tokens?: number; calls?: number; seconds?: number; cost?: number };
  readonly cache?: boolean;
  readonly keepGoing?: boolean;
  readonly resume?: string;
  readonly force?: boolean;
}

/** `fettle data make …`: data that is made with a model. */
export function makeCommand(): Command {
  const make = new Command('make').description('Make data with a model.');
  const labels = new Command('step-labels')
    .description(
      'Label beginnings of solutions for training verifiers of steps: a tree of next steps, or Monte-Carlo completions.',
    )
    .argument('[benchmark]', 'a benchmark’s name, ./my-task.ts, or a file of rows', 'math-word-problems')
    .option('--data <path>', 'folder, archive or file of the problems')
    .option('--model <spec>', 'model that writes the steps; needed unless --resume')
    .requiredOption('--out <file>', 'where the rows go, as JSON Lines')
    .addOption(new Option('--labels <how>', 'how labels are made').choices(['tree', 'monte-carlo']).default('tree'))
    .option('--depth <n>', 'steps of a path at most (default: 10)', wholeNumber(1))
    .option('--children <n>', 'tree: next steps asked for at each step (default: 2)', wholeNumber(1))
    .option('--nodes <n>', 'tree: steps of one tree at most (default: 2000)', wholeNumber(1))
    .option('--edit-distance <n>', 'tree: leave out a next step this close to another (default: 5)', wholeNumber(0))
    .option('--rollouts <n>', 'monte-carlo: completions of each beginning (default: 8)', wholeNumber(1))
    .option('--paths <n>', 'monte-carlo: solutions whose steps are labelled (default: 1)', wholeNumber(1))
    .addOption(
      new Option('--grade <how>', 'judge answers by meaning (default), or as StepCo’s released labels').choices([
        'strict',
        'reference',
      ]),
    )
    .addOption(
      new Option('--leafless <how>', 'beginnings that no answer was reached from: keep them with 0, or drop them')
        .choices(['keep', 'drop'])
        .default('keep'),
    )
    .option('--split <name>', 'train, test or dev of sets of mathematical problems (default: train)')
    .option('--tasks <names>', 'only these tasks, comma-separated', list)
    .option('--option <name=value>', 'an option of the benchmark; repeatable', assignment)
    .option('--limit <n>', 'first n problems of each task', wholeNumber(0))
    .option('--seed <n>', 'seed of the run (default: 0)', wholeNumber(0))
    .option('--concurrency <n>', 'problems and calls in flight at most', wholeNumber(1))
    .option('--temperature <t>', 'sampling temperature (default: 0.7)', decimal)
    .option('--top-p <p>', 'nucleus sampling (default: 0.98)', decimal)
    .option('--max-tokens <n>', 'new tokens a step may have, or a completion (default: 512)', wholeNumber(1))
    .option('--budget <limits>', 'stop cleanly at tokens=2M,calls=500,time=30m,cost=1.50', budget)
    .option('--cache', 'let deterministic requests be answered from earlier runs')
    .option('--keep-going', 'go on when every problem fails')
    .option('--resume <run>', 'go on with a run that stopped early, or write the rows of one that ended')
    .option('--force', 'replace the file');
  labels.action(async (benchmark: string, options: StepLabelsOptions) => {
    const { stepLabelsAction } = await import('../step-labels-action.ts');
    await stepLabelsAction(benchmark, options, contextOf(labels));
  });
  return make.addCommand(labels);
}
