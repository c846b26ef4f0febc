import { isUnscoredFailure, type SampleResult, type Score } from '../core/index.ts';
import type { SampleSummary } from './summary.ts';

/** One result as `--json` lists it. `score` is that of the task's first scorer. */
export function sampleSummary(result: SampleResult, score: Score | undefined): SampleSummary {
  const failed = isUnscoredFailure(result);
  const names = Object.keys(result.scores);
  return {
    id: result.sampleId,
    task: result.task,
    value: failed ? 0 : (score?.value ?? null),
    parsed: !failed && (score?.parsed ?? false),
    epoch: result.epoch,
    ...(score?.answer !== undefined && { answer: score.answer }),
    ...(score?.explanation !== undefined && { explanation: score.explanation }),
    ...(score?.counts !== undefined && { counts: score.counts }),
    ...(result.status === 'failed' && { status: result.status }),
    ...(!failed && score?.reason !== undefined && { reason: score.reason }),
    ...(result.error !== undefined && { error: result.error.message }),
    ...(names.length > 1 && {
      scores: Object.fromEntries(names.map((name) => [name, result.scores[name]?.value ?? null])),
    }),
  };
}
