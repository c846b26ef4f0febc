import { readFileSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { z } from 'zod';
import { FettleError } from '../../core/index.ts';

/** What becomes of a model's raw outputs. */
export type Activation = 'softmax' | 'sigmoid' | 'none';

/** Where a classifier's files lie and how it is to be read. */
export interface ClassifierFiles {
  readonly name: string;
  readonly model: string;
  readonly tokenizer: string;
  /** Longer inputs are cut; special tokens count. */
  readonly maxTokens: number;
  readonly activation: Activation;
  /** Names of the classes in order; empty where the model has none. */
  readonly labels: readonly string[];
}

const modelNames = ['model.onnx', join('onnx', 'model.onnx'), 'model.int8.onnx'];

const config = z.looseObject({
  architectures: z.array(z.string()).default([]),
  id2label: z.record(z.string(), z.string()).default({}),
  num_labels: z.number().optional(),
  problem_type: z.string().nullish(),
  model_type: z.string().default(''),
  max_position_embeddings: z.number().int().positive().optional(),
  sbert_ce_default_activation_function: z.string().nullish(),
  sentence_transformers: z.looseObject({ activation_fn: z.string().nullish() }).nullish(),
});

/** What tokenizers without a bound of their own write instead is larger. */
const tokenizerConfig = z.object({ model_max_length: z.number().int().positive().max(1_000_000) });

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() === true;

/**
 * The files of a sequence classifier exported to ONNX (`config.json`, `tokenizer.json`, `model.onnx`), in a folder.
 * Undefined where the folder's config.json does not say that it is one, or where there is none.
 * Throws `classifier-invalid` for one whose files are missing or unreadable.
 */
export function classifierFiles(path: string): ClassifierFiles | undefined {
  const folder = resolve(path);
  const configFile = join(folder, 'config.json');
  if (!/[/\\]/.test(path) && !path.startsWith('.')) return undefined;
  if (!isFile(configFile)) return undefined;
  const parsed = config.safeParse(readJson(configFile));
  if (!parsed.success || !parsed.data.architectures.some((name) => name.endsWith('ForSequenceClassification'))) {
    return undefined;
  }
  const model = modelNames.map((name) => join(folder, name)).find(isFile);
  const tokenizer = join(folder, 'tokenizer.json');
  if (model === undefined || !isFile(tokenizer)) {
    throw invalid(
      `The classifier in ${folder} is not whole`,
      folder,
      'It needs config.json, tokenizer.json and model.onnx.',
    );
  }
  const { data } = parsed;
  return {
    name: basename(folder),
    model,
    tokenizer,
    maxTokens: maxTokens(folder, data),
    activation: activationOf(data),
    labels: Object.keys(data.id2label)
      .toSorted((a, b) => Number(a) - Number(b))
      .map((key) => data.id2label[key] ?? ''),
  };
}

/** One output without a word about it is a regression, as transformers trains it: the number itself is the score. */
function activationOf(data: z.output<typeof config>): Activation {
  const named = `${data.sbert_ce_default_activation_function ?? ''} ${data.sentence_transformers?.activation_fn ?? ''}`;
  if (/sigmoid/i.test(named) || data.problem_type === 'multi_label_classification') return 'sigmoid';
  const classes = data.num_labels ?? Object.keys(data.id2label).length;
  if (data.problem_type === 'regression' || (classes === 1 && data.problem_type == null)) return 'none';
  return classes === 1 ? 'sigmoid' : 'softmax';
}

function maxTokens(folder: string, data: z.output<typeof config>): number {
  const file = join(folder, 'tokenizer_config.json');
  const own = isFile(file) ? tokenizerConfig.safeParse(readJson(file)) : undefined;
  if (own?.success === true) return own.data.model_max_length;
  // Models of the RoBERTa family count positions from 2.
  const offset = /roberta|camembert|longformer/.test(data.model_type) ? 2 : 0;
  return (data.max_position_embeddings ?? 512) - offset;
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw invalid(`${path} is not JSON`, path, 'Export the model again.', cause);
  }
}

function invalid(message: string, where: string, hint: string, cause?: unknown): FettleError {
  return new FettleError(message, { code: 'classifier-invalid', where, hint, cause });
}
