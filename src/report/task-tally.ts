import { isUnscoredFailure, type SampleResult, type Score, type Task } from '../core/index.ts';
import { growableFloats, growableIntegers, type Growable } from './growable.ts';

/** What a summary needs to know of a task. */
export type TaskForSummary = Pick<Task, 'name'> & Partial<Pick<Task, 'labels' | 'aggregate' | 'scorers'>>;

/** A result seen as the summary counts it. `broken` and `excluded` carry no number. */
export type Outcome = 'scored' | 'unparsed' | 'failed' | 'excluded' | 'broken';

const outcomes: readonly Outcome[] = ['scored', 'unparsed', 'failed', 'excluded', 'broken'];

/** How many different reasons and label values are told apart before they are lumped together. */
const mostDistinct = 1000;
const further = '(further)';

/** Numbers for strings, in order of first appearance. */
export class Interner {
  readonly names: string[] = [];
  readonly #codes = new Map<string, number>();

  code(name: string): number {
    const known = this.#codes.get(name);
    if (known !== undefined) return known;
    if (this.names.length >= mostDistinct && name !== further) return this.code(further);
    this.#codes.set(name, this.names.length);
    return this.names.push(name) - 1;
  }
}

/**
 * All results of one task as columns of numbers, about 60 bytes a result.
 * The scores themselves are kept only where the task has an aggregate that wants them.
 */
export class TaskTally {
  readonly task: TaskForSummary;
  readonly values = growableFloats();
  readonly samples = growableIntegers();
  /** Cluster number, or -1. */
  readonly groups = growableIntegers();
  readonly inputTokens = growableFloats();
  readonly outputTokens = growableFloats();
  readonly durationsMs = growableFloats();
  readonly costs = growableFloats();
  readonly labels = new Map<string, { readonly names: Interner; readonly codes: Growable<Int32Array> }>();
  readonly scores: (Score | null)[] = [];
  readonly replies: string[] = [];
  /** Sum and count of the values of each scorer after the first that gave any. */
  readonly further = new Map<string, { sum: number; n: number }>();
  /** Failed samples, which count as 0 by every scorer. */
  failures = 0;
  highestEpoch = 1;

  readonly #outcomes = growableIntegers();
  readonly #reasonCodes = growableIntegers();
  readonly #reasons = new Interner();
  readonly #groupCodes = new Map<string, number>();

  constructor(task: TaskForSummary) {
    this.task = task;
  }

  get length(): number {
    return this.values.length;
  }

  outcome(row: number): Outcome {
    return outcomes[this.#outcomes.at(row)] as Outcome;
  }

  reason(row: number): string {
    return this.#reasons.names[this.#reasonCodes.at(row)] ?? 'not scored';
  }

  /** The task's score of this result: of its first scorer. */
  scoreOf(result: SampleResult): Score | undefined {
    const name = this.task.scorers?.[0]?.name;
    if (name !== undefined && Object.hasOwn(result.scores, name)) return result.scores[name];
    for (const key in result.scores) return result.scores[key];
    return undefined;
  }

  add(result: SampleResult, options: { readonly labelKeys?: readonly string[]; readonly keepReply: boolean }): void {
    const score = this.scoreOf(result);
    const outcome = outcomeOf(result, score);
    const counted = outcome === 'scored' || outcome === 'unparsed';
    this.values.push(counted ? (score?.value ?? 0) : outcome === 'failed' ? 0 : NaN);
    this.samples.push(result.index);
    this.groups.push(result.group === undefined ? -1 : this.#groupCode(result.group));
    this.inputTokens.push(result.usage.inputTokens);
    this.outputTokens.push(result.usage.outputTokens);
    this.durationsMs.push(result.durationMs);
    this.costs.push(result.usage.cost ?? NaN);
    this.#outcomes.push(outcomes.indexOf(outcome));
    this.#reasonCodes.push(counted || outcome === 'failed' ? -1 : this.#reasons.code(score?.reason ?? 'not scored'));
    if (result.epoch > this.highestEpoch) this.highestEpoch = result.epoch;
    this.#addLabels(result, options.labelKeys);
    this.#addFurther(result);
    if (this.task.aggregate !== undefined) this.scores.push(counted && score ? withoutProse(score) : null);
    if (options.keepReply) this.replies.push(result.answer?.text ?? '');
  }

  #addFurther(result: SampleResult): void {
    if (isUnscoredFailure(result)) this.failures += 1;
    for (const { name } of this.task.scorers?.slice(1) ?? []) {
      const value = Object.hasOwn(result.scores, name) ? result.scores[name]?.value : undefined;
      if (value === undefined || value === null) continue;
      const known = this.further.get(name);
      if (known === undefined) this.further.set(name, { sum: value, n: 1 });
      else {
        known.sum += value;
        known.n += 1;
      }
    }
  }

  #groupCode(group: string): number {
    const known = this.#groupCodes.get(group);
    if (known !== undefined) return known;
    this.#groupCodes.set(group, this.#groupCodes.size);
    return this.#groupCodes.size - 1;
  }

  #addLabels(result: SampleResult, keys: readonly string[] | undefined): void {
    for (const key of keys ?? Object.keys(result.labels)) {
      const value = result.labels[key] ?? this.task.labels?.[key];
      if (value === undefined) continue;
      let column = this.labels.get(key);
      if (column === undefined) {
        column = { names: new Interner(), codes: growableIntegers() };
        this.labels.set(key, column);
      }
      while (column.codes.length < this.length - 1) column.codes.push(-1);
      column.codes.push(column.names.code(value));
    }
  }
}

function outcomeOf(result: SampleResult, score: Score | undefined): Outcome {
  if (isUnscoredFailure(result)) return 'failed';
  if (score === undefined || score.value === null || !Number.isFinite(score.value)) {
    return score?.broken === true ? 'broken' : 'excluded';
  }
  return score.parsed ? 'scored' : 'unparsed';
}

/** An aggregate works on numbers; the prose would be the bulk of the memory. */
function withoutProse(score: Score): Score {
  if (score.explanation === undefined) return score;
  const copy: { -readonly [Key in keyof Score]: Score[Key] } = { ...score };
  delete copy.explanation;
  return copy;
}
