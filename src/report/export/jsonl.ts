import type { RunRecord, SampleResult } from '../../core/index.ts';
import { resultRow } from './result-row.ts';

/**
 * One result as a line of JSON: the flat fields of the other formats, and the whole result.
 * `id` and `reply` make the file readable for `fettle score --replies`.
 */
export function jsonLine(run: RunRecord, result: SampleResult): string {
  const { task, id, epoch, value, parsed, reply } = resultRow(run, result);
  const { task: _task, sampleId: _sampleId, epoch: _epoch, ...rest } = result;
  return `${JSON.stringify({ run: run.id, task, id, epoch, value, parsed, reply, ...rest })}\n`;
}
