import { Command } from 'commander';
import { assignment, budget, collect, decimal, gate, list, wholeNumber } from '../parse-options.ts';
import type { EvaluationOptions } from '../evaluation-options.ts';
import { contextOf } from '../context.ts';

/** Options that say which data and rows an evaluation reads; `run` and `score` share them. */
export function addTargetOptions(command: Command): Command {
  return command
    .option('--data <path>', 'folder, archive or file of the benchmark’s data; `demo` where it ships one')
    .option('--tasks <names>', 'only these tasks, comma-separated', list)
    .option('--mode <name>', 'scoring mode (default: strict)')
    .option('--option <name=value>', 'an option of the benchmark; repeatable', assignment)
    .option('--prompt <name>', 'how questions are put, where the benchmark knows several ways: --option prompt=NAME')
    .option('--input-field <name>', 'field of the question in a file of rows (default: input)')
    .option('--target-field <name>', 'field of the right answer (default: target)')
    .option('--id-field <name>', 'field of the id (default: id, else <file stem>#<row from 0>)')
    .option('--choices-field <name>', 'field of the list of options')
    .option('--image-field <name>', 'field of an image or list of images')
    .option('--group-field <name>', 'field of the cluster that rows belong to, for the statistics')
    .option('--system-field <name>', 'field of the system message')
    .option(
      '--scorer <name>',
      'exact, includes, choice, numeric, rouge-l, regex:PATTERN or judge; repeatable, the first makes the figure',
      collect,
    );
}

export function runCommand(): Command {
  const command = new Command('run')
    .description('Run a benchmark, a task module or a file of rows against a model; print the table, store everything.')
    .argument('<benchmark>', 'a benchmark’s name, ./my-task.ts, or a .jsonl, .json, .csv, .tsv or .parquet file')
    .requiredOption(
      '--model <spec>',
      'http://HOST:PORT/v1#NAME, openai:NAME, anthropic:NAME, local:NAME, an endpoint of the configuration file…',
    );
  addTargetOptions(command)
    .option('--judge <spec>', 'model that judges')
    .option('--verifier <spec>', 'model that verifies steps')
    .option('--embedder <spec>', 'model that embeds: onnx:NAME, an embeddings endpoint; `none` for none')
    .option('--method <spec>', 'how answers are found: direct, self-consistency:n=5, loglikelihood, …')
    .option(
      '--tiles <n>',
      'send the images of a request as tiles and thumbnails, n inputs in all (docs/tiling.md)',
      wholeNumber(1),
    )
    .option('--tile-side <pixels>', 'side of a tile, with --tiles (default: 364)', wholeNumber(1))
    .option('--allocator <name>', 'how tiles are divided among images, with --tiles (default: water-fill)')
    .option(
      '--limit <n>',
      'first n samples of each task; of multichartqa, whose tasks are kinds of question, first n questions',
      wholeNumber(0),
    )
    .option('--epochs <n>', 'answer every sample n times', wholeNumber(1))
    .option('--seed <n>', 'seed of the run (default: 0)', wholeNumber(0))
    .option(
      '--concurrency <n>',
      'samples and calls in flight at most (default: 32, local models what they can use)',
      wholeNumber(1),
    )
    .option('--max-tokens <n>', 'new tokens a reply may have', wholeNumber(1))
    .option('--temperature <t>', 'sampling temperature', decimal)
    .option('--top-p <p>', 'nucleus sampling', decimal)
    .option('--top-k <k>', 'sample among the k likeliest tokens', wholeNumber(1))
    .option('--stop <text>', 'end a reply at this text; repeatable', collect)
    .option('--budget <limits>', 'stop cleanly at tokens=2M,calls=500,time=30m,cost=1.50', budget)
    .option('--cache', 'let deterministic requests be answered from earlier runs')
    .option('--keep-going', 'go on when every sample fails')
    .option('--fail-under <score>', 'exit with 3 below this: 0.7, or NAME=0.7 for a task or group; repeatable', gate)
    .option('--out <file>', 'write an HTML report too');
  command.action(async (target: string, options: EvaluationOptions) => {
    const { runAction } = await import('../run-action.ts');
    await runAction(target, options, contextOf(command));
  });
  return command;
}
