import type { Method } from './method.ts';
import type { GenerationSettings } from './model.ts';
import type { Sample } from './sample.ts';
import type { Score, Scorer } from './scorer.ts';

/**
 * One figure from many scores. Scores without a value are already left out.
 * Null where no figure exists; throws a FettleError where the reference crashes.
 */
export interface Aggregate {
  readonly name: string;
  compute(scores: readonly Score[]): number | null;
}

/** A data set, how it is answered by default, and how answers are judged. */
export interface Task {
  readonly name: string;
  /** Called once a pass; may stream. */
  samples(): AsyncIterable<Sample> | Iterable<Sample>;
  /** How many samples there are, where it is known without reading them. */
  readonly size?: number;
  readonly method?: Method;
  /** The first is the task's figure. */
  readonly scorers: readonly [Scorer, ...Scorer[]];
  /** Mean of the values where absent. */
  readonly aggregate?: Aggregate;
  /** Settings for all of its samples, below those of a sample. */
  readonly generation?: GenerationSettings;
  /** Names that tables group by: `{ skill: 'concept', type: 'ranking', metric: 'ndcg' }`. */
  readonly labels?: Readonly<Record<string, string>>;
}

/** Gives a task its type; nothing else. What a task module exports. */
export function defineTask(task: Task): Task {
  return task;
}
