import type { Benchmark, JsonValue, ModelsByRole, SampleResult } from '../core/index.ts';
import { openEvaluation } from './open-evaluation.ts';
import type { Replies } from './read-replies.ts';
import type { RunConfig } from './run-config.ts';
import { scoreReplies } from './score-replies.ts';

export interface Verdict {
  readonly value: number | null;
  readonly parsed: boolean;
  readonly answer?: string | undefined;
  /** The scorer's explanation, or its reason for giving no number. */
  readonly why?: string | undefined;
}

/** One sample that the modes do not agree on. */
export interface ModeDifference {
  readonly id: string;
  readonly task: string;
  readonly reply: string;
  readonly target: JsonValue;
  readonly verdicts: Readonly<Record<string, Verdict>>;
}

/** Scores differ by more than rounding. */
const sameWithin = 1e-9;

function verdictOf(result: SampleResult): Verdict {
  const score = Object.values(result.scores)[0];
  return {
    value: score?.value ?? null,
    parsed: score?.parsed ?? false,
    answer: score?.answer,
    why: score?.explanation ?? score?.reason ?? result.error?.message,
  };
}

/** Scores the replies in every mode of a benchmark and gives the samples whose values differ, with each mode's reading. */
export async function explainModes(
  benchmark: Benchmark,
  config: Pick<RunConfig, 'target' | 'data' | 'tasks' | 'options'>,
  replies: Replies,
  options: { readonly source: string; readonly models: Partial<ModelsByRole>; readonly missing: 'fail' | 'skip' },
): Promise<ModeDifference[]> {
  const byMode = new Map<string, readonly SampleResult[]>();
  for (const mode of benchmark.modes) {
    const { opened } = await openEvaluation({ ...config, mode }, { repliesOnly: true, replies: options.source });
    byMode.set(mode, (await scoreReplies({ opened, replies, ...options })).results);
  }
  const [first = []] = byMode.values();
  const differences: ModeDifference[] = [];
  for (const [i, result] of first.entries()) {
    const verdicts: Record<string, Verdict> = {};
    for (const [mode, results] of byMode) verdicts[mode] = verdictOf(results[i] as SampleResult);
    const values = Object.values(verdicts).map((verdict) => verdict.value);
    const same = values.every(
      (value) =>
        value === values[0] || (value !== null && values[0] != null && Math.abs(value - values[0]) <= sameWithin),
    );
    if (same) continue;
    differences.push({
      id: result.sampleId,
      task: result.task,
      reply: result.answer?.text ?? '',
      target: result.target,
      verdicts,
    });
  }
  return differences;
}
