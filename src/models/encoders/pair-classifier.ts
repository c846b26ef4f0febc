import type { Tokenizer } from '@huggingface/tokenizers';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { errorMessage, FettleError, type TextPair } from '../../core/index.ts';
import { equalLengthBatches, type Tokenized } from './batches.ts';
import { type Activation, type ClassifierFiles } from './classifier-files.ts';
import { openSession, openTokenizer } from './onnx.ts';

export interface Classified {
  /** One row a pair, in order. */
  readonly probabilities: readonly (readonly number[])[];
  /** Tokens that were read, special ones counted. */
  readonly tokens: number;
  /** Pairs that were cut. */
  readonly cut: number;
}

/** A classifier in memory. */
export interface PairClassifier {
  classify(pairs: readonly TextPair[], signal?: AbortSignal): Promise<Classified>;
  release(): Promise<void>;
}

interface TokenizedPair extends Tokenized {
  /** 0 for the first text, 1 for the second. */
  readonly types: readonly number[];
}

/** Loads tokenizer and weights. Throws `classifier-invalid` where they cannot be read. */
export async function loadPairClassifier(files: ClassifierFiles, threads: number): Promise<PairClassifier> {
  try {
    const ort = await import('onnxruntime-node');
    const tokenizer = await openTokenizer(files.tokenizer);
    const session = await openSession(files.model, threads);
    return {
      async classify(pairs, signal) {
        let cut = 0;
        const texts = pairs.map((pair, index): TokenizedPair => {
          const whole = encode(tokenizer, pair);
          if (whole.ids.length <= files.maxTokens) return { index, ...whole };
          cut += 1;
          return { index, ...encodeEnd(tokenizer, pair, files.maxTokens) };
        });
        const rows: (readonly number[])[] = [];
        let tokens = 0;
        for (const batch of equalLengthBatches(texts)) {
          signal?.throwIfAborted();
          const made = await runBatch(
            session,
            ort.Tensor,
            batch.map(({ index }) => texts[index] as TokenizedPair),
          );
          for (const [position, { index, ids }] of batch.entries()) {
            rows[index] = activate(made[position] ?? [], files.activation);
            tokens += ids.length;
          }
        }
        return { probabilities: rows, tokens, cut };
      },
      release: () => session.release(),
    };
  } catch (cause) {
    throw new FettleError(`The classifier ${files.name} cannot be loaded: ${errorMessage(cause)}`, {
      code: 'classifier-invalid',
      where: files.model,
      hint: 'Export it again with its tokenizer.json.',
      cause,
    });
  }
}

function encode(
  tokenizer: Tokenizer,
  { text, second }: TextPair,
): { ids: readonly number[]; types: readonly number[] } {
  const encoded = tokenizer.encode(text, { text_pair: second ?? null, return_token_type_ids: true });
  // Word-level tokenizers leave a hole for a word that they do not know.
  const ids: readonly (number | undefined)[] = encoded.ids;
  return { ids: ids.map((id) => id ?? tokenizer.token_to_id('[UNK]') ?? 0), types: encoded.token_type_ids };
}

/**
 * The longest end of the second text (of a single text, of that) that fits, found by halving: the step that is judged
 * stands at the end. Where the first text alone is too long, its end is what is left of it.
 */
function encodeEnd(
  tokenizer: Tokenizer,
  pair: TextPair,
  limit: number,
): { ids: readonly number[]; types: readonly number[] } {
  const ending = (text: string, from: number): string => text.slice(from);
  const shortened = (from: number): TextPair =>
    pair.second === undefined
      ? { text: ending(pair.text, from) }
      : from <= pair.second.length
        ? { text: pair.text, second: ending(pair.second, from) }
        : { text: ending(pair.text, from - pair.second.length), second: '' };
  let [low, high] = [0, pair.text.length + (pair.second?.length ?? 0)];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (encode(tokenizer, shortened(middle)).ids.length <= limit) high = middle;
    else low = middle + 1;
  }
  return encode(tokenizer, shortened(low));
}

async function runBatch(
  session: InferenceSession,
  TensorClass: typeof Tensor,
  batch: readonly TokenizedPair[],
): Promise<number[][]> {
  const columns = batch[0]?.ids.length ?? 0;
  const tensor = (rows: readonly (readonly number[])[]): Tensor =>
    new TensorClass('int64', BigInt64Array.from(rows.flat(), BigInt), [batch.length, columns]);
  const feeds: Record<string, Tensor> = {
    input_ids: tensor(batch.map(({ ids }) => ids)),
    attention_mask: tensor(batch.map(({ ids }) => ids.map(() => 1))),
  };
  if (session.inputNames.includes('token_type_ids')) feeds['token_type_ids'] = tensor(batch.map(({ types }) => types));
  const outputs = await session.run(feeds);
  const logits = outputs['logits'] ?? outputs[session.outputNames[0] ?? ''];
  const [rows, classes] = logits?.dims ?? [];
  const { data } = logits ?? {};
  if (!(data instanceof Float32Array) || rows !== batch.length || classes === undefined || logits?.dims.length !== 2) {
    throw new FettleError('The classifier does not give one row of floats a text', {
      code: 'classifier-invalid',
      hint: 'Export the model with its classification head: its output is [texts, classes].',
    });
  }
  return batch.map((_, row) => [...data.subarray(row * classes, (row + 1) * classes)]);
}

function activate(logits: readonly number[], activation: Activation): number[] {
  if (activation === 'none') return logits.map((value) => Math.min(1, Math.max(0, value)));
  if (activation === 'sigmoid') return logits.map((value) => 1 / (1 + Math.exp(-value)));
  const highest = Math.max(...logits);
  const weights = logits.map((value) => Math.exp(value - highest));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}
