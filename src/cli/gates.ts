import type { Summary } from '../report/index.ts';
import { usageError } from '../core/index.ts';

export interface Gate {
  /** A task or group; the overall figure where absent. */
  readonly name?: string;
  readonly least: number;
}

/** The gates that a summary misses, in words. A figure that does not exist misses its gate. */
export function missedGates(summary: Pick<Summary, 'overall' | 'groups' | 'tasks'>, gates: readonly Gate[]): string[] {
  const missed: string[] = [];
  for (const { name, least } of gates) {
    let score: number | null | undefined;
    if (name === undefined) score = summary.overall;
    else if (Object.hasOwn(summary.groups, name)) score = summary.groups[name];
    else if (Object.hasOwn(summary.tasks, name)) score = summary.tasks[name]?.score;
    else {
      throw usageError(`--fail-under names "${name}", which is no task and no group of this run.`, {
        hint: `Groups: ${Object.keys(summary.groups).join(', ')}. Tasks: ${Object.keys(summary.tasks).join(', ')}.`,
      });
    }
    if (score === null || score === undefined || score < least) {
      missed.push(
        `${name ?? 'overall'} is ${score === null || score === undefined ? 'without a score' : score.toFixed(4)}, below ${least}`,
      );
    }
  }
  return missed;
}
