import { Command, Option } from 'commander';
import type { FieldOptions } from '../target.ts';
import type { Gate } from '../gates.ts';
import { contextOf } from '../context.ts';
import { gate } from '../parse-options.ts';
import { addTargetOptions } from './run.ts';

export interface ScoreOptions extends FieldOptions {
  readonly replies: string;
  readonly data?: string;
  readonly tasks?: string[];
  readonly mode?: string;
  readonly option?: Record<string, string>;
  readonly prompt?: string;
  readonly embedder?: string;
  readonly judge?: string;
  readonly missing: 'fail' | 'skip';
  readonly explainModes?: boolean;
  readonly paths?: boolean;
  readonly vote: 'text' | 'meaning';
  readonly verdicts: 'own' | 'file';
  readonly failUnder?: Gate[];
}

export function scoreCommand(): Command {
  const command = new Command('score')
    .description('Score replies that exist already; no model is asked for answers.')
    .argument('<benchmark>', 'a benchmark’s name, ./my-task.ts, or a file of rows')
    .requiredOption('--replies <file>', 'rows of { id, reply }, or of replies in the order of the data');
  addTargetOptions(command)
    .option(
      '--embedder <spec>',
      'model that embeds, for metrics of similarity: onnx:NAME, test:ngram, an endpoint; `none` for none',
    )
    .option('--judge <spec>', 'model that judges, for judged tasks')
    .addOption(
      new Option('--missing <how>', 'samples without a reply count as failed, or are left out')
        .choices(['fail', 'skip'])
        .default('fail'),
    )
    .option('--paths', 'rows of several replies, { id, replies: […], scores: […] }: votes, rewards and pass@k')
    .addOption(
      new Option(
        '--vote <how>',
        'with --paths, answers are votes for the same where they are written alike, or mean the same',
      )
        .choices(['text', 'meaning'])
        .default('text'),
    )
    .addOption(
      new Option('--verdicts <whose>', 'with --paths, grade the replies, or count the verdicts that the file has')
        .choices(['own', 'file'])
        .default('own'),
    )
    .option('--explain-modes', 'score in every mode and list each sample whose verdict differs, and why')
    .option('--fail-under <score>', 'exit with 3 below this: 0.7, or NAME=0.7 for a task or group; repeatable', gate);
  command.action(async (target: string, options: ScoreOptions) => {
    if (options.paths === true) {
      const { pathsAction } = await import('../paths-action.ts');
      await pathsAction(target, options, contextOf(command));
      return;
    }
    const { scoreAction } = await import('../score-action.ts');
    await scoreAction(target, options, contextOf(command));
  });
  return command;
}
