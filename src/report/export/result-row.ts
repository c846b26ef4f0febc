import { isUnscoredFailure, messageText, type RunRecord, type SampleResult } from '../../core/index.ts';

/** One result as a flat row: what CSV and Parquet hold. Structured fields are JSON texts. */
export interface ResultRow {
  readonly run: string;
  readonly benchmark: string;
  readonly mode: string;
  readonly task: string;
  readonly id: string;
  readonly epoch: number;
  readonly status: string;
  /** Of the task's first scorer; 0 for a failed sample, null where there is no number. */
  readonly value: number | null;
  readonly parsed: boolean;
  readonly answer: string | null;
  readonly reply: string | null;
  /** The text of all messages; images are left out. */
  readonly input: string;
  /** As it is when it is a text, else as JSON. */
  readonly target: string;
  readonly explanation: string | null;
  readonly reason: string | null;
  readonly error_code: string | null;
  readonly error: string | null;
  readonly group: string | null;
  readonly labels: string;
  /** All scores by scorer, as JSON. */
  readonly scores: string;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly calls: number;
  readonly cost: number | null;
  readonly started_at: string;
  readonly duration_ms: number;
}

export function resultRow(run: RunRecord, result: SampleResult): ResultRow {
  const score = Object.values(result.scores)[0];
  const failed = isUnscoredFailure(result);
  return {
    run: run.id,
    benchmark: run.benchmark,
    mode: run.mode,
    task: result.task,
    id: result.sampleId,
    epoch: result.epoch,
    status: result.status,
    value: failed ? 0 : (score?.value ?? null),
    parsed: !failed && (score?.parsed ?? false),
    answer: score?.answer ?? null,
    reply: result.answer?.text ?? null,
    input: result.input.map(messageText).join('\n\n'),
    target: typeof result.target === 'string' ? result.target : JSON.stringify(result.target),
    explanation: score?.explanation ?? null,
    reason: score?.reason ?? null,
    error_code: result.error?.code ?? null,
    error: result.error?.message ?? null,
    group: result.group ?? null,
    labels: JSON.stringify(result.labels),
    scores: JSON.stringify(result.scores),
    input_tokens: result.usage.inputTokens,
    output_tokens: result.usage.outputTokens,
    calls: result.usage.calls,
    cost: result.usage.cost ?? null,
    started_at: new Date(result.startedAt).toISOString(),
    duration_ms: result.durationMs,
  };
}

/** Columns in order, with their Parquet types. */
export const rowColumns = [
  { name: 'run', type: 'STRING' },
  { name: 'benchmark', type: 'STRING' },
  { name: 'mode', type: 'STRING' },
  { name: 'task', type: 'STRING' },
  { name: 'id', type: 'STRING' },
  { name: 'epoch', type: 'INT32' },
  { name: 'status', type: 'STRING' },
  { name: 'value', type: 'DOUBLE' },
  { name: 'parsed', type: 'BOOLEAN' },
  { name: 'answer', type: 'STRING' },
  { name: 'reply', type: 'STRING' },
  { name: 'input', type: 'STRING' },
  { name: 'target', type: 'STRING' },
  { name: 'explanation', type: 'STRING' },
  { name: 'reason', type: 'STRING' },
  { name: 'error_code', type: 'STRING' },
  { name: 'error', type: 'STRING' },
  { name: 'group', type: 'STRING' },
  { name: 'labels', type: 'STRING' },
  { name: 'scores', type: 'STRING' },
  { name: 'input_tokens', type: 'DOUBLE' },
  { name: 'output_tokens', type: 'DOUBLE' },
  { name: 'calls', type: 'INT32' },
  { name: 'cost', type: 'DOUBLE' },
  { name: 'started_at', type: 'STRING' },
  { name: 'duration_ms', type: 'DOUBLE' },
] as const satisfies readonly { readonly name: keyof ResultRow; readonly type: string }[];
