import type { SampleResult, Score, Settle, SettledScore } from '../../../core/index.ts';
import { createPythonRandom } from '../../../metrics/python/index.ts';
import type { Question } from '../data/question.ts';
import { type Driver, referenceLetters } from './parse-choice.ts';
import { shardOf } from './prompt-parts.ts';
import { letterIsRight, rowsOfDriver } from './score-reference.ts';

/** What the released code seeds its random stream with, once a process. */
const referenceSeed = 42;

/** The questions of one file, which the released code evaluates by itself. */
export interface ReferenceFile {
  readonly byId: ReadonlyMap<string, Question>;
  /** Rows of the file, also those that are not run. */
  readonly rows: number;
}

interface Undrawn {
  readonly result: Pick<SampleResult, 'task' | 'sampleId' | 'epoch'>;
  readonly question: Question;
}

/**
 * Draws the letters that the released code does not find: one stream seeded 42 for each shard of each file, in the order of
 * the rows. Rows that are not part of the run draw nothing, so that only a whole run equals a released one.
 * Every epoch counts as runs of their own.
 */
export function settleLetters(
  fileOf: (task: string) => ReferenceFile | undefined,
  options: { readonly driver: Driver; readonly shards: number; readonly scorer: string },
): Settle {
  return async (results) => {
    const processes = new Map<string, { readonly file: ReferenceFile; readonly list: Undrawn[] }>();
    const numbers = new Map<ReferenceFile, number>();
    for await (const result of results) {
      if (result.scores[options.scorer]?.metadata?.['fallback'] !== true) continue;
      const file = fileOf(result.task);
      const question = file?.byId.get(result.sampleId);
      if (file === undefined || question === undefined) continue;
      const number = numbers.get(file) ?? numbers.size;
      numbers.set(file, number);
      const shard = shardOf(question.row, rowsOfDriver(file.rows, options.driver), options.shards);
      const key = `${number}/${result.epoch}/${shard}`;
      const { task, sampleId, epoch } = result;
      const undrawn: Undrawn = { result: { task, sampleId, epoch }, question };
      const known = processes.get(key);
      if (known === undefined) processes.set(key, { file, list: [undrawn] });
      else known.list.push(undrawn);
    }
    return [...processes.values()].flatMap(({ list }) => drawAll(list, options.scorer));
  };
}

function drawAll(list: readonly Undrawn[], scorer: string): SettledScore[] {
  const random = createPythonRandom(referenceSeed);
  return list
    .toSorted((a, b) => a.question.row - b.question.row)
    .map(({ result, question }) => {
      const count = Math.min(question.options?.length ?? 0, referenceLetters.length);
      const letter = referenceLetters[random.choice(count)] ?? 'A';
      const right = letterIsRight(letter, question);
      const score: Score = {
        value: right ? 1 : 0,
        parsed: false,
        answer: letter,
        explanation: `no letter found: ${letter} drawn at random (seed ${referenceSeed})`,
        metadata: { fallback: true },
      };
      return { ...result, scorer, score };
    });
}
