import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import {
  FettleError,
  usageError,
  type GenerateResponse,
  type LoglikelihoodResponse,
  type Model,
} from '../../core/index.ts';
import { createBatchQueue, inHalves } from '../batch-queue.ts';
import type { Environment } from '../keys.ts';
import { refuseImages, refuseImagesInMessages } from '../refuse-images.ts';
import { inspectionOf, repliesOf, scoresOf } from './answers.ts';
import { checkpointHash } from './checkpoint-hash.ts';
import { createEmbedder } from './embedder.ts';
import { createEngineFiles } from './engine-files.ts';
import { createEngineSession, type EngineCheckpoint } from './engine-session.ts';
import { parseEngineSpec } from './engine-spec.ts';
import {
  answerBytes,
  continuationsOf,
  type GeneratePrompt,
  type HeldPrompt,
  holdMessages,
  type LoglikelihoodPrompt,
  mostAnswerBytes,
  settingsOf,
} from './prompt.ts';

export interface EngineModelOptions {
  /** As the user names it; `engine:SPEC` where absent. */
  readonly id?: string | undefined;
  /** `auto` takes a GPU where there is one. */
  readonly device?: 'auto' | 'cpu' | 'cuda' | undefined;
  /** `auto`: bf16 for half-precision language models on GPUs that have it, else fp32. */
  readonly dtype?: 'auto' | 'fp32' | 'bf16' | undefined;
  /** Most calls of one kind that are computed together. Default 32. */
  readonly batch?: number | undefined;
  /** How long a call waits for others while the engine is idle. Default 10 ms. */
  readonly windowMs?: number | undefined;
  /** New tokens of requests that set no bound. Default 1024. */
  readonly maxTokens?: number | undefined;
  /** Names the engine's environment and the hub's settings. `process.env` where absent. */
  readonly env?: Environment | undefined;
}

/** Failures of a whole batch that one of its items may have caused. */
const ofItems = new Set(['engine-bad-data', 'engine-bad-request', 'engine-out-of-memory', 'engine-non-finite']);
const mayBePart = (error: unknown): boolean => FettleError.isInstance(error) && ofItems.has(error.code);

/**
 * A Hugging Face checkpoint (safetensors) that the engine answers for, calls joined into batches.
 *
 * `spec` is a folder, or `hub/OWNER/NAME[@REVISION]` for the hub, either with settings behind it
 * (`FOLDER?dtype=fp32&batch=8`: device, dtype, batch, maxTokens). What the checkpoint is decides what the model can do:
 * language and vision-language models have `generate` and `loglikelihood`, dual encoders (CLIP, SigLIP) and text encoders
 * have `embed`.
 *
 * The engine's process is started here and asked what the checkpoint is, because only transformers knows its classes and
 * only PyTorch the device that decides the precision, and both are part of the identity. Weights are read with the first
 * call, so that a run which is answered from its journal never reads them. `close` ends the process.
 *
 * Throws `engine-missing`, `model-missing`, `engine-bad-checkpoint`, `engine-hub-unreachable` and others that the engine
 * names `engine-CODE`; its methods also `images-unsupported`, `encoder-no-images`, `encoder-cannot-generate`,
 * `engine-died` and `model-closed`.
 *
 * @example
 * const model = await createEngineModel('checkpoints/small');
 * const { text } = await model.generate({ messages: [{ role: 'user', content: 'Hello' }], maxTokens: 20 });
 * await model.close?.();
 */
export async function createEngineModel(spec: string, options: EngineModelOptions = {}): Promise<Model> {
  const { source, settings } = parseEngineSpec(spec);
  const id = options.id ?? `engine:${spec}`;
  const batch = settings.batch ?? options.batch ?? 32;
  const windowMs = options.windowMs ?? 10;
  const defaultMaxTokens = settings.maxTokens ?? options.maxTokens ?? 1024;
  const device = settings.device ?? options.device ?? 'auto';
  for (const [name, value] of Object.entries({ batch, maxTokens: defaultMaxTokens })) {
    if (!Number.isInteger(value) || value < 1) {
      throw usageError(`${name} is ${value}; a model of the engine takes a whole number from 1`, { where: name });
    }
  }
  if (source.kind === 'folder') await requireFolder(resolve(source.path), source.path);
  const hub = source.kind === 'hub';
  const session = createEngineSession({ name: id, env: options.env ?? process.env, allowHub: hub });
  const found = await (async () => {
    const model = hub
      ? `hub:${source.repository}${source.revision === undefined ? '' : `@${source.revision}`}`
      : resolve(source.path);
    try {
      const dtype = settings.dtype ?? options.dtype ?? 'auto';
      const { result, client } = await session.ask({ op: 'inspect', model, device, dtype, allowHub: hub });
      const inspected = inspectionOf(result);
      return { ...inspected, sha256: await checkpointHash(inspected.folder), versions: client.ready.versions };
    } catch (error) {
      await session.close();
      throw error;
    }
  })();
  const { kind, folder, dtype, sha256, versions } = found;
  const files = createEngineFiles();
  const checkpoint: EngineCheckpoint = { folder, device, dtype };
  const ask = (call: Parameters<typeof session.ask>[0], signal: AbortSignal): Promise<Record<string, unknown>> =>
    session.askModel(checkpoint, call, signal);
  const release = ({ images }: HeldPrompt<unknown>): void => {
    for (const image of images) files.release(image);
  };

  const base = {
    id,
    identity: {
      kind: 'engine',
      model: kind,
      sha256,
      dtype,
      torch: versions['torch'] ?? null,
      transformers: versions['transformers'] ?? null,
      ...(hub && { hub: source.repository, commit: found.commit }),
    },
    endpoint: `engine:${sha256}`,
    // While one batch is computed, the next is made ready.
    maxConcurrency: 2 * batch,
    async close() {
      await session.close();
      await files.close();
    },
  } satisfies Partial<Model>;

  if (kind === 'dual-encoder' || kind === 'text-encoder') {
    const embed = createEmbedder({ model: folder, batch, windowMs, files, ask, mayBePart });
    return {
      ...base,
      async generate() {
        throw usageError(`${id} is a ${kind === 'dual-encoder' ? 'dual' : 'text'} encoder and cannot generate text`, {
          code: 'encoder-cannot-generate',
          hint: 'Give it as --embedder, and a language model as --model',
        });
      },
      async embed(request, { signal } = {}) {
        if (kind === 'text-encoder') refuseImages(request, id);
        return embed(request, signal);
      },
    };
  }

  const replies = createBatchQueue<HeldPrompt<GeneratePrompt>, GenerateResponse>({
    limit: batch,
    windowMs,
    weigh: ({ prompt }) => answerBytes(prompt),
    maxWeight: mostAnswerBytes,
    work: inHalves(async (items, signal) => {
      const prompts = items.map(({ prompt }) => prompt);
      return repliesOf(await ask({ op: 'generate', model: folder, prompts }, signal), id);
    }, mayBePart),
    onLeave: release,
  });
  const scores = createBatchQueue<HeldPrompt<LoglikelihoodPrompt>, LoglikelihoodResponse>({
    limit: batch,
    windowMs,
    work: inHalves(async (items, signal) => {
      const prompts = items.map(({ prompt }) => prompt);
      return scoresOf(await ask({ op: 'loglikelihood', model: folder, prompts }, signal), id);
    }, mayBePart),
    onLeave: release,
  });
  return {
    ...base,
    identity: { ...base.identity, maxTokens: defaultMaxTokens },
    async generate(request, { signal } = {}) {
      signal?.throwIfAborted();
      const sampling = settingsOf(request, defaultMaxTokens);
      if (kind === 'language')
        refuseImagesInMessages(request.messages, id, 'Use a checkpoint of a vision-language model');
      const { prompt: messages, images } = await holdMessages(request.messages, files);
      return replies.add({ prompt: { messages, ...sampling }, images }, signal);
    },
    async loglikelihood(request, { signal } = {}) {
      signal?.throwIfAborted();
      if (kind === 'language')
        refuseImagesInMessages(request.messages, id, 'Use a checkpoint of a vision-language model');
      if (request.continuations.length === 0) return { continuations: [], usage: { inputTokens: 0, outputTokens: 0 } };
      const { prompt: messages, images } = await holdMessages(request.messages, files);
      return scores.add({ prompt: { messages, ...continuationsOf(request) }, images }, signal);
    },
  };
}

async function requireFolder(folder: string, asked: string): Promise<void> {
  const found = await stat(folder).catch(() => undefined);
  if (found?.isDirectory() === true) return;
  throw new FettleError(
    found === undefined ? `There is no folder ${folder}` : `${folder} is a file; a checkpoint is a folder`,
    {
      code: 'model-missing',
      where: folder,
      hint: /^[\w.-]+\/[\w.-]+$/.test(asked)
        ? `Check the path; a model of the hub is written engine:hub/${asked}`
        : 'Name the folder that holds config.json and model.safetensors',
    },
  );
}
