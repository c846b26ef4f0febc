import {
  type ModelsByRole,
  type OpenedBenchmark,
  type Sample,
  type SampleResult,
  scoreSample,
  storedTextMessages,
  type Task,
  usageError,
} from '../core/index.ts';
import type { Replies } from './read-replies.ts';
import { settledResults } from './settle.ts';

export interface ScoreRepliesOptions {
  readonly opened: Pick<OpenedBenchmark, 'tasks' | 'settle'>;
  readonly replies: Replies;
  /** Where the replies come from, for messages. */
  readonly source: string;
  readonly models: Partial<ModelsByRole>;
  /** What becomes of samples without a reply. */
  readonly missing: 'fail' | 'skip';
  readonly signal?: AbortSignal;
}

export interface ScoredReplies {
  readonly results: readonly SampleResult[];
  /** What a reader should know: replies that no sample has, samples that no reply has. */
  readonly notes: readonly string[];
}

const noReply = 'no-reply';

interface Slot {
  readonly task: Task;
  readonly sample: Sample;
}

function names(ids: readonly string[]): string {
  return `${ids.slice(0, 5).join(', ')}${ids.length > 5 ? ', …' : ''}`;
}

/**
 * Scores replies that exist already. Joined by id, or by order when they have none.
 * @throws usage error when nothing matches, or when the counts differ and order is all there is.
 */
export async function scoreReplies(options: ScoreRepliesOptions): Promise<ScoredReplies> {
  const { opened, replies, source, missing } = options;
  const slots: Slot[] = [];
  for (const task of opened.tasks) for await (const sample of task.samples()) slots.push({ task, sample });
  const notes: string[] = [...(replies.notes ?? [])];
  const replyOf =
    replies.byId === undefined ? joinByOrder(slots, replies, source) : joinById(slots, replies, source, notes);

  const results: SampleResult[] = [];
  const absent: string[] = [];
  const signal = options.signal ?? new AbortController().signal;
  for (const { task, sample } of slots) {
    const reply = replyOf(sample);
    if (reply === undefined) absent.push(sample.id);
    const begin = performance.now();
    results.push({
      task: task.name,
      sampleId: sample.id,
      epoch: 1,
      index: results.length,
      ...(reply === undefined
        ? {
            status: 'failed' as const,
            answer: null,
            scores: {},
            error: { code: noReply, message: 'There is no reply for this sample.' },
          }
        : {
            status: 'completed' as const,
            answer: { text: reply },
            scores: await scoreSample(task.scorers, { text: reply }, sample, { models: options.models, signal }),
          }),
      input: storedTextMessages(sample.input),
      target: sample.target,
      choices: sample.choices,
      group: sample.group,
      labels: sample.labels ?? {},
      metadata: sample.metadata,
      usage: { inputTokens: 0, outputTokens: 0, calls: 0, wastedCalls: 0, replayedCalls: 0 },
      trace: [],
      startedAt: 0,
      durationMs: performance.now() - begin,
    });
  }
  if (absent.length > 0) {
    const consequence = missing === 'skip' ? 'are left out' : 'count as failed';
    notes.push(`${absent.length} of ${slots.length} samples have no reply and ${consequence}: ${names(absent)}`);
  }
  // Settled before anything is left out: what a missing reply does to others is for the benchmark to say.
  const settled = await settledResults(opened, results);
  return { results: missing === 'skip' ? settled.filter(hasReply) : settled, notes };
}

const hasReply = (result: SampleResult): boolean => result.error?.code !== noReply;

function joinById(
  slots: readonly Slot[],
  replies: Replies,
  source: string,
  notes: string[],
): (sample: Sample) => string | undefined {
  const byId = replies.byId ?? new Map<string, string>();
  const known = new Set(slots.map(({ sample }) => sample.id));
  const stray = [...byId.keys()].filter((id) => !known.has(id));
  if (stray.length === byId.size) {
    throw usageError('No reply has the id of a sample.', {
      where: source,
      hint: `Ids of samples look like this: ${names([...known])}. Ids of replies: ${names(stray)}.`,
    });
  }
  if (stray.length > 0) notes.push(`${stray.length} replies belong to no sample: ${names(stray)}`);
  return (sample) => byId.get(sample.id);
}

function joinByOrder(slots: readonly Slot[], replies: Replies, source: string): (sample: Sample) => string | undefined {
  if (slots.length !== replies.inOrder.length) {
    throw usageError(
      `There are ${replies.inOrder.length} replies for ${slots.length} samples, and no ids to join them by.`,
      {
        where: source,
        hint: 'Give every reply an `id`, or exactly one reply a sample in the order of the data.',
      },
    );
  }
  const inDataOrder = slots
    .map(({ sample }, i) => ({ sample, place: sample.position ?? i }))
    .sort((a, b) => a.place - b.place);
  const places = new Map(inDataOrder.map(({ sample }, i) => [sample, i]));
  return (sample) => replies.inOrder[places.get(sample) ?? -1];
}
