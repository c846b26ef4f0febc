import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { errorMessage, FettleError } from '../../core/index.ts';
import { equalLengthBatches, truncateIds, type Tokenized } from './batches.ts';
import { openSession, openTokenizer } from './onnx.ts';
import { meanPool } from './pooling.ts';
import type { EncoderFiles } from './resolve-encoder.ts';

export interface Encoded {
  /** Unit vectors, in the order of the texts. */
  readonly vectors: readonly Float32Array[];
  /** Tokens that were read, special ones counted. */
  readonly tokens: number;
}

/** An encoder in memory. */
export interface SentenceEncoder {
  encode(texts: readonly string[], signal?: AbortSignal): Promise<Encoded>;
  release(): Promise<void>;
}

/** Loads tokenizer and weights. Throws `encoder-invalid` where they cannot be read. */
export async function loadSentenceEncoder(files: EncoderFiles, threads: number): Promise<SentenceEncoder> {
  try {
    const ort = await import('onnxruntime-node');
    const tokenizer = await openTokenizer(files.tokenizer);
    const session = await openSession(files.model, threads);
    const run = (batch: readonly Tokenized[]): Promise<Float32Array[]> => runBatch(session, ort.Tensor, batch);
    const cut = (text: string): readonly number[] => truncateIds(tokenizer.encode(text).ids, files.maxTokens);
    return {
      encode: (texts, signal) =>
        encodeAll(
          texts.map((text, index) => ({ index, ids: cut(text) })),
          run,
          signal,
        ),
      release: () => session.release(),
    };
  } catch (cause) {
    throw new FettleError(`The encoder ${files.name} cannot be loaded: ${errorMessage(cause)}`, {
      code: 'encoder-invalid',
      where: files.model,
      hint: `Fetch it again: fettle models pull ${files.name}`,
      cause,
    });
  }
}

async function encodeAll(
  texts: readonly Tokenized[],
  run: (batch: readonly Tokenized[]) => Promise<Float32Array[]>,
  signal: AbortSignal | undefined,
): Promise<Encoded> {
  const vectors: Float32Array[] = [];
  let tokens = 0;
  for (const batch of equalLengthBatches(texts)) {
    signal?.throwIfAborted();
    const made = await run(batch);
    for (const [position, { index, ids }] of batch.entries()) {
      vectors[index] = made[position] ?? new Float32Array();
      tokens += ids.length;
    }
  }
  return { vectors, tokens };
}

async function runBatch(
  session: InferenceSession,
  TensorClass: typeof Tensor,
  batch: readonly Tokenized[],
): Promise<Float32Array[]> {
  const texts = batch.length;
  const tokens = batch[0]?.ids.length ?? 0;
  const tensor = (value: (text: number, token: number) => number): Tensor => {
    const data = BigInt64Array.from({ length: texts * tokens }, (_, i) =>
      BigInt(value(Math.floor(i / tokens), i % tokens)),
    );
    return new TensorClass('int64', data, [texts, tokens]);
  };
  const feeds: Record<string, Tensor> = {
    input_ids: tensor((text, token) => batch[text]?.ids[token] ?? 0),
    attention_mask: tensor(() => 1),
  };
  if (session.inputNames.includes('token_type_ids')) feeds['token_type_ids'] = tensor(() => 0);
  const outputs = await session.run(feeds);
  const hidden = outputs['last_hidden_state'] ?? outputs['token_embeddings'] ?? outputs[session.outputNames[0] ?? ''];
  const [rows, columns, dimensions] = hidden?.dims ?? [];
  if (!(hidden?.data instanceof Float32Array) || rows !== texts || columns !== tokens || dimensions === undefined) {
    throw new FettleError('The encoder does not give one float vector a token', {
      code: 'encoder-invalid',
      hint: 'Export the transformer without pooling: its output is [texts, tokens, dimensions]',
    });
  }
  return meanPool({ data: hidden.data, texts, tokens, dimensions });
}
