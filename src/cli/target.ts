import { existsSync } from 'node:fs';
import { usageError } from '../core/errors.ts';
import type { EvaluationTarget } from '../workbench/run-config.ts';

export interface FieldOptions {
  readonly inputField?: string;
  readonly targetField?: string;
  readonly idField?: string;
  readonly choicesField?: string;
  readonly imageField?: string;
  readonly groupField?: string;
  readonly systemField?: string;
  readonly scorer?: readonly string[];
  readonly judge?: string;
}

/** `--option name=value` with `--prompt`, which is short for `--option prompt=…`. */
export function benchmarkOptions({
  option = {},
  prompt,
}: {
  readonly option?: Record<string, string>;
  readonly prompt?: string;
}): Record<string, string> {
  if (prompt === undefined) return option;
  if (option['prompt'] !== undefined && option['prompt'] !== prompt) {
    throw usageError(`The prompt is given twice: ${prompt} and ${option['prompt']}.`, {
      where: '--prompt',
      hint: 'Give --prompt or --option prompt=…, not both.',
    });
  }
  return { ...option, prompt };
}

/** What the first word of `run` and `score` means: a module, a file of rows, or a benchmark's name. */
export function targetOf(word: string, options: FieldOptions): Exclude<EvaluationTarget, { kind: 'served' }> {
  if (/\.(ts|mts|js|mjs)$/.test(word)) return { kind: 'module', path: word };
  const isFile =
    /\.(jsonl|ndjson|json|csv|tsv|parquet)(\.gz)?$/i.test(word) || (existsSync(word) && /[./\\]/.test(word));
  if (!isFile) return { kind: 'benchmark', name: word };
  if (options.scorer?.includes('judge') === true && options.judge === undefined) {
    throw usageError('The scorer "judge" needs a model that judges.', {
      where: '--scorer judge',
      hint: 'Name one with --judge.',
    });
  }
  return {
    kind: 'file',
    path: word,
    fields: {
      input: options.inputField ?? 'input',
      target: options.targetField ?? 'target',
      id: options.idField ?? 'id',
      choices: options.choicesField,
      image: options.imageField,
      group: options.groupField,
      system: options.systemField,
    },
    scorers: options.scorer === undefined || options.scorer.length === 0 ? ['exact'] : [...options.scorer],
  };
}
