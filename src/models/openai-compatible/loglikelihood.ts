import type { LoglikelihoodRequest, LoglikelihoodResponse, Usage } from '../../core/index.ts';
import { ModelError } from '../model-error.ts';
import { rawPrompt, type RequestDialect } from './request-body.ts';
import { invalid, parseBody, readUsage } from './response.ts';
import { isRecord, logprobOf, type WireRecord } from './wire.ts';
import { wireMessages } from './wire-messages.ts';

/** Sends one JSON body to a path below the base address and gives the text of a good answer. */
export type Post = (path: string, body: string) => Promise<string>;

type Scored = LoglikelihoodResponse['continuations'][number];

/**
 * Scores continuations of a raw text: /completions echoes prompt and continuation with their log-probabilities.
 * Offered by vLLM and SGLang; others ignore `echo`, which is noticed.
 * A token that spans the seam is counted to the continuation.
 */
export async function rawLoglikelihood(
  request: LoglikelihoodRequest,
  dialect: RequestDialect,
  where: string,
  post: Post,
): Promise<LoglikelihoodResponse> {
  const context = rawPrompt(request.messages);
  const prompts = request.continuations.map((continuation) => context + continuation);
  if (prompts.length === 0) return { continuations: [], usage: {} };
  const fields = {
    ...dialect.extra,
    model: dialect.model,
    prompt: prompts,
    echo: true,
    logprobs: 1,
    temperature: 0,
    stream: false,
  };
  // One token is generated because several servers refuse none; it lies behind the prompt and is left out.
  const body = parseBody(await post('/completions', JSON.stringify({ ...fields, max_tokens: 1 })), where);
  const choices: unknown[] = Array.isArray(body.choices) ? body.choices : [];
  const scored: Scored[] = [];
  for (const [i, prompt] of prompts.entries()) {
    const choice = choices.find((one) => isRecord(one) && one.index === i) ?? choices[i];
    scored.push(scoreEcho(choice, prompt, context.length, where));
  }
  return { continuations: scored, usage: readUsage(body.usage) };
}

function scoreEcho(choice: unknown, prompt: string, contextLength: number, where: string): Scored {
  const logprobs = isRecord(choice) ? choice.logprobs : undefined;
  if (!isRecord(choice) || typeof choice.text !== 'string' || !choice.text.startsWith(prompt) || !isRecord(logprobs)) {
    throw unsupported(where, 'it does not echo the prompt with log-probabilities');
  }
  const { tokens, token_logprobs: values, top_logprobs: tops, text_offset: given } = logprobs;
  if (!Array.isArray(tokens) || !Array.isArray(values))
    throw unsupported(where, 'its log-probabilities have no tokens');
  let offset = 0;
  let logprob = 0;
  let count = 0;
  let greedy = true;
  for (const [i, token] of tokens.entries()) {
    const length = String(token).length;
    const start: number = Array.isArray(given) && typeof given[i] === 'number' ? given[i] : offset;
    offset = start + length;
    if (offset <= contextLength || start >= prompt.length) continue;
    const value = logprobOf(values[i]);
    if (value === undefined) {
      // The first token of all has no probability; an empty context leaves it out.
      if (i === 0) continue;
      throw invalid(
        `${where} gave no log-probability for a token of a continuation.`,
        where,
        'Ask the server’s logs.',
        false,
      );
    }
    logprob += value;
    count += 1;
    const top: unknown = Array.isArray(tops) ? tops[i] : undefined;
    if (isRecord(top)) greedy &&= Object.values(top).every((other) => typeof other !== 'number' || other <= value);
  }
  return { logprob, tokens: count, greedy };
}

/**
 * Scores continuations as the assistant's turn of a chat, through the `prompt_logprobs` of vLLM:
 * the conversation with and without the continuation, compared token by token from the first difference.
 */
export async function chatLoglikelihood(
  request: LoglikelihoodRequest,
  dialect: RequestDialect,
  where: string,
  post: Post,
): Promise<LoglikelihoodResponse> {
  const messages = await wireMessages(request.messages);
  const ask = async (turns: unknown[], open: boolean): Promise<{ tokens: PromptToken[]; usage: Usage }> => {
    const turn = open
      ? { add_generation_prompt: true }
      : { add_generation_prompt: false, continue_final_message: true };
    const fields = { ...dialect.extra, model: dialect.model, messages: turns, ...turn, max_tokens: 1, temperature: 0 };
    const text = await post('/chat/completions', JSON.stringify({ ...fields, prompt_logprobs: 0, stream: false }));
    const body = parseBody(text, where);
    return { tokens: promptTokens(body, where), usage: readUsage(body.usage) };
  };
  const prefix = await ask(messages, true);
  let inputTokens = prefix.usage.inputTokens ?? 0;
  let outputTokens = prefix.usage.outputTokens ?? 0;
  const scored: Scored[] = [];
  for (const continuation of request.continuations) {
    const whole = await ask([...messages, { role: 'assistant', content: continuation }], false);
    inputTokens += whole.usage.inputTokens ?? 0;
    outputTokens += whole.usage.outputTokens ?? 0;
    let seam = 0;
    while (
      seam < prefix.tokens.length &&
      seam < whole.tokens.length &&
      prefix.tokens[seam]?.id === whole.tokens[seam]?.id
    )
      seam += 1;
    const rest = whole.tokens.slice(seam);
    scored.push({
      logprob: rest.reduce((sum, token) => sum + token.logprob, 0),
      tokens: rest.length,
      greedy: rest.every((token) => token.rank === 1),
    });
  }
  return { continuations: scored, usage: { inputTokens, outputTokens } };
}

interface PromptToken {
  readonly id: string;
  readonly logprob: number;
  readonly rank: number;
}

function promptTokens(body: WireRecord, where: string): PromptToken[] {
  if (!Array.isArray(body.prompt_logprobs)) throw unsupported(where, 'it gives no prompt_logprobs for a chat');
  return body.prompt_logprobs.map((entry, i) => {
    if (entry === null && i === 0) return { id: 'first', logprob: 0, rank: 1 };
    const [id, token] = isRecord(entry) ? (Object.entries(entry)[0] ?? []) : [];
    if (id === undefined || !isRecord(token) || typeof token.logprob !== 'number') {
      throw invalid(`${where} gave prompt_logprobs that cannot be read.`, where, 'Only the shape of vLLM is known.');
    }
    return { id, logprob: token.logprob, rank: Number(token.rank) };
  });
}

function unsupported(where: string, why: string): ModelError {
  return new ModelError(`${where} cannot score given continuations: ${why}.`, {
    code: 'model-no-loglikelihood',
    kind: 'refused',
    where,
    hint: 'Serve the model with vLLM, use it as local:…, or set "loglikelihood": false for the endpoint and generate instead.',
  });
}
