import type { CallRecord, JsonObject, JsonValue, SampleResult, Score, StoredMessage } from '../../../core/index.ts';
import { callEvent, modelOutput } from './call-event.ts';
import { inspectMessage, type Attach } from './messages.ts';
import { inspectModel, isoTime } from './times.ts';
import { inspectUsage } from './usage.ts';

export interface InspectSampleSource {
  readonly id: string;
  readonly result: SampleResult;
  /** In order of position. */
  readonly calls: readonly CallRecord[];
  /** Id of the main model. */
  readonly model: string;
  readonly method: string;
  /** An image's bytes as a data URI, undefined where the store has lost it. */
  readonly image: (sha256: string, mediaType: string) => Promise<string | undefined>;
}

/** One result in Inspect's shape (EvalSample): conversation, events with all model calls, scores, usage, error. */
export async function inspectSample(source: InspectSampleSource): Promise<JsonObject> {
  const { id, result } = source;
  const attachments: Record<string, string> = {};
  const attach: Attach = async (sha256, mediaType) => {
    attachments[sha256] ??= (await source.image(sha256, mediaType)) ?? '';
    if (attachments[sha256] !== '') return `attachment://${sha256}`;
    delete attachments[sha256];
    return '<image missing from the store>';
  };
  const uid = `${id}-${result.epoch}`;
  const input = await convert(result.input, `${uid}-in`, attach);
  const output = outputOf(source, uid);
  const answered = result.answer === null ? [] : [(output['choices'] as [{ message: JsonObject }])[0].message];
  const end = result.startedAt + result.durationMs;
  const sample = {
    id,
    input: input.length === 1 && typeof input[0]?.['content'] === 'string' ? input[0]['content'] : input,
    choices: result.choices,
    target: inspectTarget(result.target),
    metadata: inspectMetadata(result),
  };
  return {
    ...sample,
    epoch: result.epoch,
    messages: [...input, ...answered],
    output,
    scores: inspectScores(result),
    store: {},
    events: await events(source, sample, uid, attach),
    model_usage: usageByModel(source),
    role_usage: {},
    started_at: isoTime(result.startedAt),
    completed_at: isoTime(end),
    total_time: result.durationMs / 1000,
    working_time: result.durationMs / 1000,
    uuid: uid,
    error: result.error && inspectError(result.error.message, result.error.hint),
    error_retries: [],
    attachments,
  };
}

/** Scores without a number are left out: Inspect would read a null as no score at all, and NaN is not JSON. */
export function inspectScores(result: SampleResult): JsonObject {
  const scores: Record<string, JsonObject> = {};
  for (const [name, score] of Object.entries(result.scores))
    if (score.value !== null) scores[name] = inspectScore(score);
  return scores;
}

export function inspectScore(score: Score): JsonObject {
  return {
    value: score.value,
    answer: score.answer,
    explanation: score.explanation ?? score.reason,
    metadata: { parsed: score.parsed, counts: score.counts, ...score.metadata },
    history: [],
  };
}

export function inspectTarget(target: JsonValue): JsonValue {
  if (typeof target === 'string') return target;
  if (Array.isArray(target) && target.every((item) => typeof item === 'string')) return target as readonly string[];
  return JSON.stringify(target);
}

export function inspectMetadata(result: SampleResult): JsonObject {
  const unscored = Object.entries(result.scores).filter(([, score]) => score.value === null);
  return {
    task: result.task,
    id: result.sampleId,
    ...(result.group !== undefined && { group: result.group }),
    ...(Object.keys(result.labels).length > 0 && { labels: result.labels }),
    ...(unscored.length > 0 && {
      not_scored: Object.fromEntries(unscored.map(([name, score]) => [name, score.reason ?? 'no reason given'])),
    }),
    ...result.metadata,
  };
}

/** What Inspect calls an EvalError. There is no traceback to show: the message and the hint say what happened. */
export function inspectError(message: string, hint: string | undefined): JsonObject {
  const text = hint === undefined ? message : `${message}\n${hint}`;
  return { message, traceback: text, traceback_ansi: text };
}

async function convert(messages: readonly StoredMessage[], id: string, attach: Attach): Promise<JsonObject[]> {
  const converted: JsonObject[] = [];
  for (const [i, message] of messages.entries()) converted.push(await inspectMessage(message, `${id}-${i}`, attach));
  return converted;
}

function outputOf({ result, model }: InspectSampleSource, uid: string): JsonObject {
  if (result.answer === null) return { model: inspectModel(model), choices: [], completion: '' };
  return {
    ...modelOutput({
      model,
      messageId: `${uid}-out`,
      text: result.answer.text,
      finishReason: 'stop',
      usage: result.usage,
    }),
    ...(result.answer.metadata && { metadata: result.answer.metadata }),
  };
}

function usageByModel({ calls, result, model }: InspectSampleSource): JsonObject {
  if (calls.length === 0) return { [inspectModel(model)]: inspectUsage(result.usage) };
  const usage: Record<string, { inputTokens: number; outputTokens: number }> = {};
  for (const call of calls) {
    const sum = (usage[inspectModel(call.model)] ??= { inputTokens: 0, outputTokens: 0 });
    sum.inputTokens += call.inputTokens;
    sum.outputTokens += call.outputTokens;
  }
  return Object.fromEntries(Object.entries(usage).map(([name, counts]) => [name, inspectUsage(counts)]));
}

async function events(
  source: InspectSampleSource,
  sample: JsonObject,
  uid: string,
  attach: Attach,
): Promise<JsonValue> {
  const { result, calls, method } = source;
  const at = (ms: number) => ({ timestamp: isoTime(result.startedAt + ms), working_start: ms / 1000 });
  const start = at(0);
  const end = at(result.durationMs);
  const list: JsonObject[] = [
    { event: 'sample_init', uuid: `${uid}-init`, ...start, sample, state: {} },
    { event: 'span_begin', uuid: `${uid}-s`, ...start, id: `${uid}-solver`, name: method, type: 'solver' },
  ];
  for (const [i, call] of calls.entries())
    list.push(await callEvent(call, result.startedAt, `${uid}-call-${i}`, attach));
  for (const [i, step] of result.trace.entries()) {
    list.push({ event: 'info', uuid: `${uid}-t${i}`, ...end, source: 'fettle', data: step });
  }
  list.push({ event: 'span_end', uuid: `${uid}-e`, ...end, id: `${uid}-solver` });
  for (const [name, score] of Object.entries(inspectScores(result))) {
    const target = inspectTarget(result.target);
    list.push({
      event: 'score',
      uuid: `${uid}-score-${name}`,
      ...end,
      score: score ?? null,
      target,
      intermediate: false,
      scorer: name,
    });
  }
  if (result.error !== undefined) {
    list.push({
      event: 'error',
      uuid: `${uid}-error`,
      ...end,
      error: inspectError(result.error.message, result.error.hint),
    });
  }
  return list;
}
