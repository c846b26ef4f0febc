import type { GenerateRequest, JsonObject, Model, Prices } from '../../core/index.ts';
import { readEmbeddings } from './embeddings.ts';
import { createHttpClient } from './http-client.ts';
import { httpError } from './http-error.ts';
import { chatLoglikelihood, rawLoglikelihood } from './loglikelihood.ts';
import { chatBody, completionBody, type RequestDialect } from './request-body.ts';
import { readChat, readCompletion } from './response.ts';
import { refuseImages } from '../refuse-images.ts';

export interface OpenAICompatibleOptions {
  /** As the user names it; goes into reports. */
  readonly id: string;
  /** Everything before `/chat/completions`, usually ending in `/v1`. */
  readonly baseUrl: string;
  /** The model's name at the endpoint. For embeddings, empty means: the encoder that the request asks for. */
  readonly model: string;
  readonly apiKey?: string | undefined;
  /** Where the key comes from, for error messages. */
  readonly keySource?: string | undefined;
  /** Header that carries the key; `authorization` (as a bearer token) where absent. */
  readonly keyHeader?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Fields of requests that the endpoint does not know: `seed`, `top_k`. */
  readonly omit?: readonly string[] | undefined;
  /** Fields of every request. */
  readonly extra?: JsonObject | undefined;
  readonly maxTokensField?: 'max_tokens' | 'max_completion_tokens' | undefined;
  /** False where the endpoint cannot score given continuations: the capability is then absent. */
  readonly loglikelihood?: boolean | undefined;
  /** For one whole answer; 600 where absent. */
  readonly timeoutSeconds?: number | undefined;
  /** Longest silence within an answer; 120 where absent. */
  readonly stallSeconds?: number | undefined;
  /** Sockets at once; 1024 where absent. */
  readonly connections?: number | undefined;
  readonly prices?: Prices | undefined;
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
}

/** Texts in one call of /embeddings. */
const embedBatch = 256;

/**
 * A model behind an OpenAI-compatible endpoint (vLLM, SGLang, llama.cpp, Ollama, hosted services).
 * One attempt a call: limits and retries are wrapped around it.
 *
 * @throws ModelError from its methods, with `kind` and `retryable`
 */
export function createOpenAICompatible(options: OpenAICompatibleOptions): Model {
  const base = new URL(options.baseUrl);
  const path = base.pathname.replace(/\/+$/, '');
  const endpoint = base.origin + path;
  const { model, omit = [], extra = {}, maxTokensField = 'max_tokens' } = options;
  const dialect: RequestDialect = { model, maxTokensField, omit: new Set(omit), extra };
  const facts = { endpoint, model, keySource: options.keySource, hasKey: options.apiKey !== undefined };
  const http = createHttpClient({
    origin: base.origin,
    headers: headerList(options),
    timeoutMs: Math.ceil((options.timeoutSeconds ?? 600) * 1000),
    stallMs: Math.ceil((options.stallSeconds ?? 120) * 1000),
    connectTimeoutMs: 15_000,
    connections: options.connections ?? 1024,
    env: options.env ?? {},
  });

  async function post(route: string, body: string, signal: AbortSignal | undefined): Promise<string> {
    const answer = await http.post(path + route + base.search, body, signal);
    if (answer.status !== 200 && (answer.status < 200 || answer.status > 299)) throw httpError(answer, route, facts);
    return answer.text;
  }

  const chatUrl = `${endpoint}/chat/completions`;
  const completionUrl = `${endpoint}/completions`;

  return {
    id: options.id,
    identity: {
      provider: 'openai-compatible',
      endpoint,
      model,
      ...(omit.length > 0 && { omit: [...omit].sort() }),
      ...(Object.keys(extra).length > 0 && { extra }),
    },
    endpoint,
    ...(options.prices && { prices: options.prices }),

    async generate(request: GenerateRequest, call) {
      if (request.raw) {
        return readCompletion(
          await post('/completions', completionBody(request, dialect), call?.signal),
          completionUrl,
        );
      }
      const body = chatBody(request, dialect);
      return readChat(
        await post('/chat/completions', typeof body === 'string' ? body : await body, call?.signal),
        chatUrl,
      );
    },

    ...(options.loglikelihood !== false &&
      ({
        loglikelihood(request, call) {
          const send = (route: string, body: string): Promise<string> => post(route, body, call?.signal);
          return request.raw
            ? rawLoglikelihood(request, dialect, completionUrl, send)
            : chatLoglikelihood(request, dialect, chatUrl, send);
        },
      } satisfies Partial<Model>)),

    async embed(request, call) {
      refuseImages(request, options.id);
      const vectors: number[][] = [];
      let inputTokens = 0;
      const name = model === '' ? (request.encoder ?? '') : model;
      for (let start = 0; start < request.texts.length; start += embedBatch) {
        const input = request.texts.slice(start, start + embedBatch);
        const body = JSON.stringify({ model: name, input, encoding_format: 'float' });
        const answer = await post('/embeddings', body, call?.signal);
        const read = readEmbeddings(answer, input.length, `${endpoint}/embeddings`);
        for (const vector of read.vectors) vectors.push(vector);
        inputTokens += read.inputTokens;
      }
      return { vectors, usage: { inputTokens, outputTokens: 0 } };
    },

    close: () => http.close(),
  };
}

function headerList(options: OpenAICompatibleOptions): string[] {
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    accept: 'application/json',
    'user-agent': 'fettle',
  };
  for (const [name, value] of Object.entries(options.headers ?? {})) headers[name.toLowerCase()] = value;
  if (options.apiKey !== undefined) {
    const name = options.keyHeader?.toLowerCase() ?? 'authorization';
    headers[name] = name === 'authorization' ? `Bearer ${options.apiKey}` : options.apiKey;
  }
  return Object.entries(headers).flat();
}
