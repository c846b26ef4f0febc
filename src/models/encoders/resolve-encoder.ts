import { readFileSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { z } from 'zod';
import { FettleError, usageError } from '../../core/index.ts';
import { catalogModel, installedModel, missingModelError } from '../catalog.ts';

/** Where an encoder's files lie and how it is to be run. */
export interface EncoderFiles {
  readonly name: string;
  /** Which weights: `float32`, `int8`; `own` for a folder that the user names. */
  readonly variant: string;
  readonly model: string;
  readonly tokenizer: string;
  /** Longer texts are cut; special tokens count. */
  readonly maxTokens: number;
}

const modelNames = ['model.onnx', join('onnx', 'model.onnx'), 'model.int8.onnx'];

/**
 * The files of an encoder from the catalog, by its name, or of a folder in the layout of sentence-transformers
 * (`tokenizer.json` and `model.onnx` or `onnx/model.onnx`) for anything that looks like a path.
 * Throws `encoder-missing` where files are missing.
 */
export function resolveEncoder(name: string, folder?: string): EncoderFiles {
  if (looksLikePath(name)) return ownEncoder(resolve(name));
  const { kind, encoder } = catalogModel(name);
  if (kind !== 'sentence-encoder' || encoder === undefined) {
    throw usageError(`"${name}" is not a sentence encoder`, { hint: `Use it as local:${name}` });
  }
  const installed = installedModel(name, folder);
  const [model, tokenizer] = installed?.paths ?? [];
  if (installed === undefined || model === undefined || tokenizer === undefined) throw missingModelError(name, folder);
  return { name, variant: installed.variant.name, model, tokenizer, maxTokens: encoder.maxTokens };
}

function looksLikePath(name: string): boolean {
  return /[/\\]/.test(name) || name.startsWith('.');
}

function ownEncoder(folder: string): EncoderFiles {
  const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() === true;
  const tokenizer = join(folder, 'tokenizer.json');
  const model = modelNames.map((name) => join(folder, name)).find(isFile);
  if (model === undefined || !isFile(tokenizer)) {
    throw new FettleError(`There is no encoder in ${folder}`, {
      code: 'encoder-missing',
      where: folder,
      hint: 'The folder needs tokenizer.json and model.onnx (or onnx/model.onnx)',
    });
  }
  return { name: basename(folder), variant: 'own', model, tokenizer, maxTokens: ownMaxTokens(folder, tokenizer) };
}

const sentenceConfig = z.object({ max_seq_length: z.number().int().positive() });
const truncationConfig = z.object({ truncation: z.object({ max_length: z.number().int().positive() }) });

/** sentence-transformers' own setting, else the tokenizer's, else what BERT can read. */
function ownMaxTokens(folder: string, tokenizer: string): number {
  const own = sentenceConfig.safeParse(readJson(join(folder, 'sentence_bert_config.json')));
  if (own.success) return own.data.max_seq_length;
  const cut = truncationConfig.safeParse(readJson(tokenizer));
  return cut.success ? cut.data.truncation.max_length : 512;
}

/** Undefined where there is no such file. */
function readJson(path: string): unknown {
  if (statSync(path, { throwIfNoEntry: false }) === undefined) return undefined;
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new FettleError(`${path} is not JSON`, {
      code: 'encoder-invalid',
      where: path,
      hint: 'Fetch it again',
      cause,
    });
  }
}
