import {
  type CallRecord,
  type RunRecord,
  type SampleResult,
  shownTarget,
  type Store,
  type StoredMessage,
  usageError,
} from '../core/index.ts';
import type { Summary } from '../report/index.ts';
import { printable } from './console.ts';
import type { CliContext } from './context.ts';
import { stepText } from './step-text.ts';

/** A run's table: what `run` printed, or what is there of a run that has not ended. */
export async function showRun(store: Store, run: RunRecord, context: CliContext): Promise<void> {
  const { renderTable } = await import('../report/index.ts');
  const { summaryOf, withSamples } = await import('../workbench/index.ts');
  const summary: Summary = await summaryOf(store, run);
  if (context.json) {
    context.printJson(await withSamples(store, run.id, summary));
    return;
  }
  context.console.out(renderTable(summary, { width: context.console.width, color: context.console.color }));
  if (run.state !== 'completed') {
    const reason = run.error === undefined ? '' : `: ${printable(run.error.message)}`;
    context.note(`This run is ${run.state}${reason}.${served(run) ? '' : ` Go on with: fettle resume ${run.id}`}`);
  }
}

/** Holds requests of clients: `fettle serve` goes on with it, not `resume`. */
function served({ config: { target } }: RunRecord): boolean {
  return typeof target === 'object' && target !== null && 'kind' in target && target.kind === 'served';
}

export async function showSample(
  store: Store,
  run: RunRecord,
  sampleId: string,
  epoch: number | undefined,
  context: CliContext,
): Promise<void> {
  const result = await store.resultOf(run.id, sampleId, epoch);
  if (result === undefined) {
    throw usageError(`The run ${run.id} has no result for the sample "${sampleId}".`, {
      hint: 'Sample ids are in `fettle export RUN --format csv`; with several epochs add --epoch.',
    });
  }
  const calls = [...(await store.callsOf(run.id, result.task, result.sampleId, result.epoch)).values()].sort(
    (a, b) => a.position - b.position,
  );
  if (context.json) {
    context.printJson({
      ...result,
      calls: calls.map((call) => ({
        ...call,
        request: JSON.parse(call.request) as unknown,
        response: JSON.parse(call.response) as unknown,
      })),
    });
    return;
  }
  context.console.out(printable(sampleText(result, calls)));
}

/** Images by the beginning of their hash: the store's blobs folder has them. */
function shownMessage({ content }: StoredMessage): string {
  if (typeof content === 'string') return content;
  return content
    .map((part) => (part.type === 'text' ? part.text : `[image ${part.sha256.slice(0, 12)}, ${part.mediaType}]`))
    .join('\n');
}

function indent(text: string): string {
  return text.replace(/^/gm, '    ');
}

function sampleText(result: SampleResult, calls: readonly CallRecord[]): string {
  const lines = [
    `${result.task} / ${result.sampleId}${result.epoch > 1 ? ` (epoch ${result.epoch})` : ''}: ${result.status}`,
  ];
  for (const message of result.input) lines.push(`  ${message.role}:`, indent(shownMessage(message)));
  lines.push('  target:', indent(shownTarget(result.target)));
  if (result.answer !== null) lines.push('  answer:', indent(result.answer.text));
  for (const [name, score] of Object.entries(result.scores)) {
    const verdict = score.value === null ? `not scored (${score.reason ?? ''})` : score.value.toFixed(4);
    lines.push(`  ${name}: ${verdict}${score.parsed ? '' : ' (unparsed)'}`);
    if (score.explanation !== undefined) lines.push(indent(score.explanation));
  }
  if (result.error !== undefined) {
    lines.push(`  error: ${result.error.message}`);
    if (result.error.hint !== undefined) lines.push(`  hint:  ${result.error.hint}`);
  }
  for (const step of result.trace) lines.push(...stepText(step));
  for (const call of calls) {
    const response = JSON.parse(call.response) as { text?: string };
    lines.push(
      `  call ${call.position + 1}: ${call.kind} to ${call.model} as ${call.role}, ${call.inputTokens} + ${call.outputTokens} tokens, ${Math.round(call.latencyMs)} ms${call.attempts > 1 ? `, ${call.attempts} attempts` : ''}`,
    );
    if (response.text !== undefined) lines.push(indent(response.text));
  }
  lines.push(
    `  ${result.usage.calls} calls, ${result.usage.inputTokens} + ${result.usage.outputTokens} tokens, ${Math.round(result.durationMs)} ms`,
  );
  return `${lines.join('\n')}\n`;
}
