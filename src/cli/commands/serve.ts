import { Command } from 'commander';
import { contextOf } from '../context.ts';
import { budget, decimal, wholeNumber } from '../parse-options.ts';
import type { ServeOptions } from '../serve-action.ts';

export function serveCommand(): Command {
  const command = new Command('serve')
    .description('Answer requests of OpenAI’s clients with a method: an endpoint for chat completions (docs/serve.md).')
    .requiredOption(
      '--model <spec>',
      'http://HOST:PORT/v1#NAME, openai:NAME, anthropic:NAME, local:NAME, an endpoint of the configuration file…',
    )
    .option('--method <spec>', 'how answers are found: direct, self-consistency:n=5, stepco, … (default: direct)')
    .option('--verifier <spec>', 'model that verifies steps')
    .option('--judge <spec>', 'model that judges')
    .option('--embedder <spec>', 'model that embeds')
    .option('--name <id>', 'what clients call it (default: the method’s name)')
    .option('--port <n>', 'port to listen at; 0 takes one that is free', wholeNumber(0), 8400)
    .option('--host <address>', 'address to listen at; any that others can reach needs a token', '127.0.0.1')
    .option('--token-env <name>', 'environment variable with the token that clients have to send')
    .option(
      '--concurrency <n>',
      'answers in progress and calls in flight at most (default: 256 answers, local models what they can use)',
      wholeNumber(1),
    )
    .option('--queue <n>', 'requests that may wait for a place; more are refused', wholeNumber(0), 1024)
    .option('--timeout <seconds>', 'longest time for one answer, its wait included', decimal, 600)
    .option('--retry <seconds>', 'how long failed calls are made again before the client is told', decimal, 30)
    .option('--max-body <megabytes>', 'largest request, its images included', decimal, 32)
    .option('--budget <limits>', 'refuse further calls at tokens=2M,calls=500,time=30m,cost=1.50', budget)
    .option('--cache', 'let deterministic requests be answered from earlier runs')
    .option(
      '--reading <name>',
      'how methods that vote tell answers apart: final, numeric, choice, exact or regex:PATTERN (default: final)',
    )
    .option('--seed <n>', 'seed of requests at temperature 0 that set none (default: 0)', wholeNumber(0));
  command.action(async (options: ServeOptions) => {
    const { serveAction } = await import('../serve-action.ts');
    await serveAction(options, contextOf(command));
  });
  return command;
}
