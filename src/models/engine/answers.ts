import { z } from 'zod';
import { FettleError, type GenerateResponse, type LoglikelihoodResponse } from '../../core/index.ts';
import type { BatchOutcome } from '../batch-queue.ts';

const count = z.int().min(0);
/** The engine writes null for what is no finite number. */
const logprob = z.number().nullable();

const failedSchema = z.object({ error: z.object({ code: z.string(), message: z.string(), hint: z.string() }) });
const repliedSchema = z.object({
  text: z.string(),
  finishReason: z.enum(['stop', 'length']),
  inputTokens: count,
  outputTokens: count,
  logprobs: z
    .array(
      z.object({
        token: z.string(),
        logprob,
        top: z.array(z.object({ token: z.string(), logprob })).optional(),
      }),
    )
    .optional(),
});
const scoredSchema = z.object({
  continuations: z.array(z.object({ logprob, tokens: count, greedy: z.boolean() })),
  inputTokens: count,
});
const repliesSchema = z.object({ outputs: z.array(z.union([failedSchema, repliedSchema])) });
const scoresSchema = z.object({ outputs: z.array(z.union([failedSchema, scoredSchema])) });
const vectorsSchema = z.object({
  width: z.int().min(1),
  texts: count,
  images: count,
  textTokens: z.array(count),
  scale: z.number().optional(),
  vectors: z.string(),
});
const inspectionSchema = z.object({
  kind: z.enum(['language', 'vision-language', 'dual-encoder', 'text-encoder']),
  device: z.string(),
  dtype: z.enum(['fp32', 'bf16']),
  folder: z.string(),
  commit: z.string().nullable(),
});

export type Inspection = z.output<typeof inspectionSchema>;
export type EmbedResult = z.output<typeof vectorsSchema>;

/** What `inspect` answered. */
export const inspectionOf = (result: unknown): Inspection => read(inspectionSchema, result, 'inspect');
/** What `embed` answered. */
export const embedResultOf = (result: unknown): EmbedResult => read(vectorsSchema, result, 'embed');

/** Replies of a batch, one a prompt; failures of single prompts as `engine-CODE`. */
export function repliesOf(result: unknown, name: string): BatchOutcome<GenerateResponse>[] {
  return read(repliesSchema, result, 'generate').outputs.map((output) => {
    if ('error' in output) return { error: promptError(output.error) };
    const { text, finishReason, inputTokens, outputTokens, logprobs } = output;
    const usage = { inputTokens, outputTokens };
    if (logprobs === undefined) return { value: { text, finishReason, usage } };
    const numbers = logprobs.flatMap((entry) => [entry.logprob, ...(entry.top ?? []).map((one) => one.logprob)]);
    if (numbers.includes(null)) return { error: notFinite(name) };
    const entries = logprobs.map(({ token, logprob: own, top }) => ({
      token,
      logprob: own ?? -Infinity,
      ...(top && { top: top.map((one) => ({ token: one.token, logprob: one.logprob ?? -Infinity })) }),
    }));
    return { value: { text, finishReason, usage, logprobs: entries } };
  });
}

/** Scores of a batch, one a prompt; failures of single prompts as `engine-CODE`. */
export function scoresOf(result: unknown, name: string): BatchOutcome<LoglikelihoodResponse>[] {
  return read(scoresSchema, result, 'loglikelihood').outputs.map((output) => {
    if ('error' in output) return { error: promptError(output.error) };
    const continuations: { logprob: number; tokens: number; greedy: boolean }[] = [];
    for (const one of output.continuations) {
      if (one.logprob === null) return { error: notFinite(name) };
      continuations.push({ ...one, logprob: one.logprob });
    }
    return { value: { continuations, usage: { inputTokens: output.inputTokens, outputTokens: 0 } } };
  });
}

function promptError({ code, message, hint }: z.output<typeof failedSchema>['error']): FettleError {
  return new FettleError(message, {
    code: `engine-${code.replaceAll('_', '-')}`,
    hint: hint === '' ? undefined : hint,
  });
}

function notFinite(name: string): FettleError {
  return new FettleError(`${name} gives log-probabilities that are no finite numbers`, {
    code: 'engine-non-finite',
    hint: "Check the checkpoint's weights, or ask with ?dtype=fp32",
  });
}

function read<Schema extends z.ZodType>(schema: Schema, result: unknown, op: string): z.output<Schema> {
  const parsed = schema.safeParse(result);
  if (parsed.success) return parsed.data;
  throw new FettleError(`The engine answered "${op}" with something else: ${z.prettifyError(parsed.error)}`, {
    code: 'engine-protocol',
    hint: 'The engine and this program do not fit together: is the `engine` folder the one of this version of Fettle?',
  });
}
