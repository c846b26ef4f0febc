import { Command } from 'commander';
import type { CompareMethodsOptions } from '../compare-methods-action.ts';
import { contextOf } from '../context.ts';
import { budget, collect, decimal, wholeNumber } from '../parse-options.ts';
import { addTargetOptions } from './run.ts';

export function compareMethodsCommand(): Command {
  const command = new Command('compare-methods')
    .description('Run several methods on the same samples; accuracy against tokens, calls, time and money.')
    .argument('[benchmark]', 'as for `fettle run`; left out with --resume')
    .option('--methods <list>', 'direct,self-consistency:n=5,best-of-n:n=10,stepco; the first is the baseline')
    .option('--model <spec>', 'the model that answers, as for `fettle run`');
  addTargetOptions(command)
    .option('--verifier <spec>', 'model that verifies steps (default: the one that answers)')
    .option('--judge <spec>', 'model that judges')
    .option('--embedder <spec>', 'model that embeds; `none` for none')
    .option('--limit <n>', 'first n samples of each task', wholeNumber(0))
    .option('--epochs <n>', 'answer every sample n times', wholeNumber(1))
    .option('--seed <n>', 'seed of all runs (default: 0)', wholeNumber(0))
    .option('--concurrency <n>', 'samples and calls in flight at most', wholeNumber(1))
    .option('--max-tokens <n>', 'new tokens a reply may have', wholeNumber(1))
    .option('--temperature <t>', 'sampling temperature of methods that have none of their own', decimal)
    .option('--top-p <p>', 'nucleus sampling', decimal)
    .option('--top-k <k>', 'sample among the k likeliest tokens', wholeNumber(1))
    .option('--stop <text>', 'end a reply at this text; repeatable', collect)
    .option('--budget <limits>', 'of all methods together: tokens=2M,calls=500,time=30m,cost=1.50', budget)
    .option('--cache', 'let deterministic requests be answered from earlier runs')
    .option('--no-share', 'ask again for what an earlier method of the comparison has asked already')
    .option('--keep-going', 'go on when every sample fails')
    .option('--resume [comparison]', 'take a comparison up again: its id, or the newest')
    .option(
      '--equal <what>',
      '`tokens`: also what methods that draw n paths come to with fewer, to read at equal tokens',
    )
    .option('--figure <file>', 'write accuracy against tokens as an SVG file')
    .option('--out <file>', 'write an HTML report too');
  command.action(async (target: string | undefined, options: CompareMethodsOptions) => {
    const { compareMethodsAction } = await import('../compare-methods-action.ts');
    await compareMethodsAction(target, options, contextOf(command));
  });
  return command;
}
