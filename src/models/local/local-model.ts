import { availableParallelism } from 'node:os';
import { basename } from 'node:path';
import {
  FettleError,
  usageError,
  type GenerateRequest,
  type LoglikelihoodRequest,
  type Model,
} from '../../core/index.ts';
import { loadEngine, type Engine } from './engine.ts';
import { fileHash } from '../file-hash.ts';
import { packageVersion } from '../package-version.ts';
import { generateText } from './generate.ts';
import { continuationTokens, scoreContinuations } from './loglikelihood.ts';
import { parseLocalSpec } from './local-spec.ts';
import { resolveGguf } from './resolve-file.ts';
import { check, samplingOf } from './sampling.ts';
import { chunkTokens } from './slot.ts';

export interface LocalModelOptions {
  /** As the user names it; `local:SPEC` where absent. */
  readonly id?: string | undefined;
  /** Requests answered at once, each in its own context. As many as there are cores, at most 4, where absent. */
  readonly contexts?: number | undefined;
  /** Threads of each context. The cores shared out evenly where absent: one each on small machines. */
  readonly threads?: number | undefined;
  /** Tokens of prompt and reply together, bounded by what the model was trained on. 8192 where absent. */
  readonly contextSize?: number | undefined;
  /** New tokens of requests that set no bound. 1024 where absent. */
  readonly maxTokens?: number | undefined;
  /** Where catalog models lie; `modelsFolder()` where absent. */
  readonly folder?: string | undefined;
}

/**
 * A GGUF model run by llama.cpp inside this process, on the CPU.
 *
 * `spec` is a name from the catalog (`smollm2-135m`) or a path that ends in `.gguf`, either with settings behind it
 * (`smollm2-135m?contextSize=4096&threads=2`). The weights are loaded with the first call, so that a run which is
 * answered from its journal never loads them.
 *
 * The same request with the same seed gives the same text and scores, whatever runs beside it and whatever was asked
 * before: each request has a context of its own, prompts are read in fixed chunks, and flash attention is off. This
 * holds for one build on one kind of CPU; another instruction set may round differently.
 *
 * Throws `model-missing`; its methods throw `context-overflow`, `images-unsupported`, `local-no-template`,
 * `chat-template`, `model-invalid`, `local-memory`, `model-closed`.
 *
 * @example
 * const model = await createLocalModel('smollm2-135m');
 * const { text } = await model.generate({ messages: [{ role: 'user', content: 'Hello' }], maxTokens: 20 });
 * await model.close?.();
 */
export async function createLocalModel(spec: string, options: LocalModelOptions = {}): Promise<Model> {
  const { name: wantedName, settings } = parseLocalSpec(spec);
  const path = resolveGguf(wantedName, options.folder);
  const cores = availableParallelism();
  const contexts = settings.contexts ?? options.contexts ?? Math.min(cores, 4);
  const threads = settings.threads ?? options.threads ?? Math.max(1, Math.floor(cores / contexts));
  const contextSize = settings.contextSize ?? options.contextSize ?? 8192;
  for (const [name, value] of Object.entries({ contexts, threads, contextSize })) {
    check(name, value, Number.isInteger(value) && value >= 1, 'a whole number from 1');
  }
  const defaultMaxTokens = settings.maxTokens ?? options.maxTokens ?? 1024;
  const [sha256, version] = await Promise.all([fileHash(path), packageVersion('node-llama-cpp')]);
  const name = basename(path);
  const closing = new AbortController();
  let engine: Promise<Engine> | undefined;

  const ready = (): Promise<Engine> => {
    closing.signal.throwIfAborted();
    engine ??= loadEngine({ path, name, contexts, threads, contextSize });
    return engine;
  };
  const untilClosed = (signal: AbortSignal | undefined): AbortSignal =>
    signal === undefined ? closing.signal : AbortSignal.any([signal, closing.signal]);

  return {
    id: options.id ?? `local:${spec}`,
    // The chat template is part of the file, hence of its hash.
    identity: {
      kind: 'local',
      sha256,
      engine: `node-llama-cpp ${version}`,
      flashAttention: false,
      chunkTokens,
      contextSize,
      maxTokens: defaultMaxTokens,
    },
    endpoint: `local:${sha256}`,
    maxConcurrency: contexts,
    async generate(request, call = {}) {
      const signal = untilClosed(call.signal);
      const sampling = samplingOf(request);
      const wanted = request.maxTokens ?? defaultMaxTokens;
      checkRequest(request, wanted);
      const { model, prompt, slots, capacity } = await ready();
      const tokens = request.raw === true ? prompt.raw(request.messages) : prompt.chat(request.messages);
      fit('prompt', tokens.length, capacity - 1, request);
      const maxTokens = Math.min(wanted, capacity - tokens.length);
      const { stop = [], logprobs } = request;
      return slots.use(tokens, signal, (slot) =>
        generateText(slot, { model, prompt: tokens, maxTokens, sampling, stop, logprobs, signal }),
      );
    },
    async loglikelihood(request, call = {}) {
      const signal = untilClosed(call.signal);
      const { prompt, slots, capacity } = await ready();
      const cut = continuationTokens(request, prompt);
      const longest = Math.max(cut.context.length, ...cut.continuations.map(({ tokens }) => tokens.length));
      fit('prompt with its longest continuation', longest, capacity, request);
      return slots.use(cut.context, signal, (slot) => scoreContinuations(slot, cut, signal));
    },
    async close() {
      if (closing.signal.aborted) return;
      closing.abort(
        new FettleError(`The model ${name} was closed`, { code: 'model-closed', hint: 'Create it again to use it' }),
      );
      const loaded = await engine?.catch(() => undefined);
      await loaded?.close();
    },
  };
}

function checkRequest(request: GenerateRequest, maxTokens: number): void {
  const { logprobs, stop = [] } = request;
  check('maxTokens', maxTokens, Number.isInteger(maxTokens) && maxTokens >= 1, 'a whole number from 1');
  check(
    'logprobs',
    logprobs,
    logprobs === undefined || (Number.isInteger(logprobs) && logprobs >= 0),
    'a whole number',
  );
  check('stop', JSON.stringify(stop), !stop.includes(''), 'strings that are not empty');
  const [extra] = Object.keys(request.extra ?? {});
  if (extra === undefined) return;
  throw usageError(`A local model has no setting "${extra}"`, { where: `extra.${extra}`, hint: 'Leave it out' });
}

function fit(what: string, tokens: number, limit: number, request: GenerateRequest | LoglikelihoodRequest): void {
  if (tokens <= limit) return;
  const characters = request.messages.reduce((sum, { content }) => sum + lengthOf(content), 0);
  throw new FettleError(`The ${what} takes ${tokens} tokens (messages of ${characters} characters); ${limit} fit`, {
    code: 'context-overflow',
    hint: 'Shorten the prompt, or raise contextSize if the model was trained on more',
  });
}

function lengthOf(content: GenerateRequest['messages'][number]['content']): number {
  if (typeof content === 'string') return content.length;
  return content.reduce((sum, part) => sum + (part.type === 'text' ? part.text.length : 0), 0);
}
