import type { FinishReason, ModelRole, RoleUsage, UsageTotals } from '../core/index.ts';
import type { ServedAnswer } from '../workbench/serving/index.ts';

/** What every object of one answer says alike. */
export interface ChatHead {
  readonly id: string;
  /** Seconds since 1970. */
  readonly created: number;
  readonly model: string;
  readonly system_fingerprint: string;
}

/** Tokens as OpenAI counts them, over all calls that the answer took; by role and call under `fettle`. */
export interface ChatUsage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly total_tokens: number;
  readonly fettle: {
    readonly calls: number;
    /** Taken from the journal: not asked or paid again. */
    readonly replayed_calls: number;
    /** Attempts that failed and were made again. */
    readonly wasted_calls: number;
    readonly cost?: number;
    readonly roles: { readonly [role in ModelRole]?: RoleCounts };
  };
}

interface RoleCounts {
  readonly calls: number;
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly cost?: number;
}

/** The usage of all choices together. */
export function chatUsage(totals: readonly UsageTotals[]): ChatUsage {
  let [input, output, calls, replayed, wasted, cost] = [0, 0, 0, 0, 0, 0];
  let priced = false;
  const roles: { [role in ModelRole]?: RoleCounts } = {};
  for (const usage of totals) {
    input += usage.inputTokens;
    output += usage.outputTokens;
    calls += usage.calls;
    replayed += usage.replayedCalls;
    wasted += usage.wastedCalls;
    cost += usage.cost ?? 0;
    priced ||= usage.cost !== undefined;
    for (const [role, used] of Object.entries(usage.roles ?? {}) as [ModelRole, RoleUsage][]) {
      roles[role] = added(roles[role], used);
    }
  }
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    fettle: { calls, replayed_calls: replayed, wasted_calls: wasted, ...(priced ? { cost } : {}), roles },
  };
}

function added(before: RoleCounts | undefined, used: RoleUsage): RoleCounts {
  const cost = (before?.cost ?? 0) + (used.cost ?? 0);
  return {
    calls: (before?.calls ?? 0) + used.calls,
    prompt_tokens: (before?.prompt_tokens ?? 0) + used.inputTokens,
    completion_tokens: (before?.completion_tokens ?? 0) + used.outputTokens,
    ...(used.cost === undefined && before?.cost === undefined ? {} : { cost }),
  };
}

export function finishReason(reason: FinishReason): 'stop' | 'length' | 'content_filter' {
  return reason === 'length' ? 'length' : reason === 'content-filter' ? 'content_filter' : 'stop';
}

/** The whole answer as one object. */
export function chatCompletion(head: ChatHead, answers: readonly ServedAnswer[]): object {
  return {
    id: head.id,
    object: 'chat.completion',
    created: head.created,
    model: head.model,
    system_fingerprint: head.system_fingerprint,
    choices: answers.map((answer, index) => ({
      index,
      message: { role: 'assistant', content: answer.text, refusal: null, annotations: [] },
      logprobs: null,
      finish_reason: finishReason(answer.finishReason),
    })),
    usage: chatUsage(answers.map(({ usage }) => usage)),
  };
}

/** One piece of a streamed answer. `usage` is null in all but the last where the client asked for it. */
export function chatChunk(
  head: ChatHead,
  choices: readonly {
    readonly index: number;
    readonly delta: { readonly role?: 'assistant'; readonly content?: string; readonly refusal?: null };
    readonly finish_reason: 'stop' | 'length' | 'content_filter' | null;
  }[],
  usage: ChatUsage | null | undefined,
): object {
  return {
    id: head.id,
    object: 'chat.completion.chunk',
    created: head.created,
    model: head.model,
    system_fingerprint: head.system_fingerprint,
    choices: choices.map((choice) => ({ ...choice, logprobs: null })),
    ...(usage === undefined ? {} : { usage }),
  };
}

/** Characters of a piece at most. */
const pieceLength = 96;

/** A text in pieces that end after white space where they can, and never within a character. */
export function* pieces(text: string): Generator<string> {
  for (let from = 0; from < text.length;) {
    let to = Math.min(text.length, from + pieceLength);
    if (to < text.length) {
      const blank = text.slice(from, to).search(/\s\S*$/);
      if (blank > 0) to = from + blank + 1;
      else if (isHighSurrogate(text.charCodeAt(to - 1))) to += 1;
    }
    yield text.slice(from, to);
    from = to;
  }
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
