import { z } from 'zod';
import { trainingJobSchema } from './job.ts';

/** A message for chat templates: text alone, or parts with images as paths. */
const messageSchema = z.strictObject({
  role: z.enum(['system', 'user', 'assistant']),
  content: z.union([
    z.string(),
    z.array(
      z.union([
        z.strictObject({ type: z.literal('text'), text: z.string() }),
        z.strictObject({ type: z.literal('image'), image: z.string() }),
      ]),
    ),
  ]),
});

const id = { v: z.literal(1), id: z.string().min(1) };

/** Which checkpoint, and how it is opened. */
const checkpoint = {
  model: z.string(),
  device: z.enum(['auto', 'cpu', 'cuda']).default('auto'),
  dtype: z.enum(['auto', 'fp32', 'bf16']).default('auto'),
  /** Hub names need the network; a folder never does. */
  allowHub: z.boolean().default(false),
};

/** One line on the engine's stdin. Large data never crosses the pipe: images and arrays are named by path. */
export const requestSchema = z.discriminatedUnion('op', [
  /** Trains. Ends with `done`, `stopped` or `error`; other requests wait until then. */
  z.strictObject({ ...id, op: z.literal('run'), job: trainingJobSchema }),
  /**
   * Finds a Hugging Face checkpoint without reading weights. `model` is a folder, or `hub:OWNER/NAME[@REVISION]`.
   * `result`: { kind, device, dtype: 'fp32' | 'bf16', folder, commit: string | null }. `load` takes `folder` as a name.
   */
  z.strictObject({ ...id, op: z.literal('inspect'), ...checkpoint }),
  /**
   * Opens a Hugging Face checkpoint. `result`: { kind: 'language' | 'vision-language' | 'dual-encoder' | 'text-encoder',
   * device, dtype, parameters, class, chatTemplate, folder, maxTokens?, imageSize?, embeddingWidth?, scale?, bias? }.
   */
  z.strictObject({ ...id, op: z.literal('load'), ...checkpoint }),
  /**
   * `result`: { outputs: [{ text, finishReason, inputTokens, outputTokens, logprobs? }] }, one a prompt, in order; the
   * output of a prompt that fails alone is { error: { code, message, hint } }. Prompts of a request run in batches.
   */
  z.strictObject({
    ...id,
    op: z.literal('generate'),
    model: z.string(),
    prompts: z.array(
      z.strictObject({
        messages: z.array(messageSchema),
        raw: z.boolean().default(false),
        maxTokens: z.int().min(1).default(256),
        temperature: z.number().min(0).default(0),
        topP: z.number().gt(0).max(1).nullable().default(null),
        topK: z.int().min(1).nullable().default(null),
        stop: z.array(z.string()).default([]),
        seed: z.int().nullable().default(null),
        logprobs: z.int().min(0).nullable().default(null),
      }),
    ),
  }),
  /** `result`: { outputs: [{ continuations: [{ logprob, tokens, greedy }], inputTokens }] }, or { error } as above. */
  z.strictObject({
    ...id,
    op: z.literal('loglikelihood'),
    model: z.string(),
    prompts: z.array(
      z.strictObject({
        messages: z.array(messageSchema),
        continuations: z.array(z.string()).min(1),
        raw: z.boolean().default(false),
      }),
    ),
  }),
  /**
   * Unit vectors of dual and text encoders; the latter refuse images. `result`: { width, texts: n, images: m,
   * inputTokens, textTokens: [n], scale?, bias?, vectors: PATH } where PATH is a safetensors file with fp32 `texts`
   * [n, width] and `images` [m, width], written into `out`. Images are paths, or rows of a pairs folder.
   */
  z.strictObject({
    ...id,
    op: z.literal('embed'),
    model: z.string(),
    texts: z.array(z.string()).default([]),
    images: z
      .union([
        z.strictObject({ paths: z.array(z.string()) }),
        z.strictObject({ pairs: z.string(), rows: z.array(z.int().min(0)).nullable() }),
      ])
      .nullable()
      .default(null),
    out: z.string(),
    batch: z.int().min(1).default(256),
  }),
  /** Writes `vision.onnx`, `text.onnx`, `clip.json` and the tokenizer into `out`, checked against PyTorch. `result`: { files, largestDifference }. */
  z.strictObject({
    ...id,
    op: z.literal('export'),
    model: z.string(),
    out: z.string(),
    tolerance: z.number().positive().default(1e-4),
  }),
  /** Ends a request: training saves a checkpoint and answers `stopped`. */
  z.strictObject({ ...id, op: z.literal('cancel'), target: z.string() }),
  z.strictObject({ ...id, op: z.literal('unload'), model: z.string() }),
  z.strictObject({ ...id, op: z.literal('shutdown') }),
]);

export type EngineRequest = z.output<typeof requestSchema>;
export type EngineRequestInput = z.input<typeof requestSchema>;
