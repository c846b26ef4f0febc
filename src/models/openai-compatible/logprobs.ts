import type { TokenLogprob } from '../../core/index.ts';
import { isRecord, logprobOf, type WireRecord } from './wire.ts';

/** `logprobs.content` of a chat choice. Entries without a number are left out. */
export function chatLogprobs(logprobs: WireRecord): TokenLogprob[] | undefined {
  if (!Array.isArray(logprobs.content)) return undefined;
  const tokens: TokenLogprob[] = [];
  for (const entry of logprobs.content) {
    const read = tokenOf(entry);
    if (read === undefined) continue;
    const top =
      isRecord(entry) && Array.isArray(entry.top_logprobs)
        ? entry.top_logprobs.flatMap((one) => tokenOf(one) ?? [])
        : [];
    tokens.push(top.length > 0 ? { ...read, top } : read);
  }
  return tokens;
}

/** The parallel lists of /completions; llama.cpp answers in the shape of chat there as well. */
export function completionLogprobs(logprobs: WireRecord): TokenLogprob[] | undefined {
  const { tokens, token_logprobs: values, top_logprobs: tops } = logprobs;
  if (!Array.isArray(tokens) || !Array.isArray(values)) return chatLogprobs(logprobs);
  const read: TokenLogprob[] = [];
  for (const [i, token] of tokens.entries()) {
    const logprob = logprobOf(values[i]);
    if (typeof token !== 'string' || logprob === undefined) continue;
    const top: { token: string; logprob: number }[] = [];
    const alternatives: unknown = Array.isArray(tops) ? tops[i] : undefined;
    if (isRecord(alternatives)) {
      for (const [name, value] of Object.entries(alternatives)) {
        if (typeof value === 'number') top.push({ token: name, logprob: value });
      }
      top.sort((a, b) => b.logprob - a.logprob);
    }
    read.push(top.length > 0 ? { token, logprob, top } : { token, logprob });
  }
  return read;
}

function tokenOf(entry: unknown): { token: string; logprob: number } | undefined {
  if (!isRecord(entry) || typeof entry.token !== 'string') return undefined;
  const logprob = logprobOf(entry.logprob);
  return logprob === undefined ? undefined : { token: entry.token, logprob };
}
