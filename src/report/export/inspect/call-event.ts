import { z } from 'zod';
import type { CallRecord, JsonObject, JsonValue } from '../../../core/index.ts';
import { inspectMessage, type Attach } from './messages.ts';
import { inspectModel, isoTime } from './times.ts';
import { inspectUsage } from './usage.ts';

const storedMessage = z.object({
  role: z.enum(['system', 'user', 'assistant']),
  content: z.union([
    z.string(),
    z.array(
      z.discriminatedUnion('type', [
        z.object({ type: z.literal('text'), text: z.string() }),
        z.object({
          type: z.literal('image'),
          sha256: z.string(),
          mediaType: z.string().default('application/octet-stream'),
          detail: z.enum(['auto', 'low', 'high']).exactOptional(),
        }),
      ]),
    ),
  ]),
});

const generateRequest = z.object({
  messages: z.array(storedMessage),
  maxTokens: z.number().optional(),
  temperature: z.number().optional(),
  topP: z.number().optional(),
  topK: z.number().optional(),
  seed: z.number().optional(),
  stop: z.array(z.string()).optional(),
  logprobs: z.number().optional(),
});

const generateResponse = z.object({
  text: z.string(),
  finishReason: z.string(),
  usage: z
    .object({
      inputTokens: z.number().optional(),
      outputTokens: z.number().optional(),
      cachedInputTokens: z.number().optional(),
      reasoningTokens: z.number().optional(),
    })
    .optional(),
  reasoning: z.string().optional(),
});

const stopReasons: Readonly<Record<string, string>> = {
  stop: 'stop',
  length: 'max_tokens',
  'content-filter': 'content_filter',
};

/**
 * A journaled call as an event: a `model` event for a generation, an `info` event for the rest
 * (log-likelihoods, embeddings), which Inspect has no kind for.
 */
export async function callEvent(
  call: CallRecord,
  sampleStart: number,
  id: string,
  attach: Attach,
): Promise<JsonObject> {
  const times = {
    uuid: id,
    timestamp: isoTime(call.startedAt),
    working_start: Math.max(0, (call.startedAt - sampleStart) / 1000),
  };
  const request = parseJson(call.request);
  const response = parseJson(call.response);
  const asked = generateRequest.safeParse(request);
  const answered = generateResponse.safeParse(response);
  if (call.kind !== 'generate' || !asked.success || !answered.success) {
    return {
      event: 'info',
      ...times,
      source: 'fettle',
      data: { kind: call.kind, role: call.role, model: call.model, request, response },
    };
  }
  const input: JsonObject[] = [];
  for (const [i, message] of asked.data.messages.entries())
    input.push(await inspectMessage(message, `${id}-${i}`, attach));
  return {
    event: 'model',
    ...times,
    model: inspectModel(call.model),
    role: call.role === 'main' ? undefined : call.role,
    input,
    tools: [],
    tool_choice: 'none',
    config: generateConfig(asked.data),
    output: modelOutput({
      model: call.model,
      messageId: `${id}-out`,
      seconds: call.latencyMs / 1000,
      ...answered.data,
    }),
    retries: call.attempts > 1 ? call.attempts - 1 : undefined,
    completed: isoTime(call.startedAt + call.latencyMs),
    working_time: call.latencyMs / 1000,
  };
}

export function modelOutput(answer: {
  readonly model: string;
  readonly messageId: string;
  readonly text: string;
  readonly finishReason: string;
  readonly usage?: Parameters<typeof inspectUsage>[0] | undefined;
  readonly reasoning?: string | undefined;
  readonly seconds?: number;
}): JsonObject {
  const content: JsonValue =
    answer.reasoning === undefined
      ? answer.text
      : [
          { type: 'reasoning', reasoning: answer.reasoning, redacted: false },
          { type: 'text', text: answer.text },
        ];
  const model = inspectModel(answer.model);
  return {
    model,
    choices: [
      {
        message: { id: answer.messageId, role: 'assistant', content, source: 'generate', model },
        stop_reason: stopReasons[answer.finishReason] ?? 'unknown',
      },
    ],
    completion: answer.text,
    usage: answer.usage && inspectUsage(answer.usage),
    time: answer.seconds,
  };
}

function generateConfig(request: z.output<typeof generateRequest>): JsonObject {
  return {
    max_tokens: request.maxTokens,
    temperature: request.temperature,
    top_p: request.topP,
    top_k: request.topK,
    seed: request.seed,
    stop_seqs: request.stop,
    ...(request.logprobs !== undefined && { logprobs: true, top_logprobs: request.logprobs }),
  };
}

function parseJson(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return text;
  }
}
