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

/** What the first word of `run` and `score` means: a module, a file of rows, or a benchmark's name. */
export function targetOf(word: string, options: FieldOptions): EvaluationTarget {
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
