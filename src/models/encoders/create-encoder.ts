import { FettleError, usageError, type JsonValue, type Model } from '../../core/index.ts';
import { installedModel, missingModelError, modelCatalog, modelsFolder } from '../catalog.ts';
import { fileHash } from '../file-hash.ts';
import { packageVersion } from '../package-version.ts';
import { refuseImages } from '../refuse-images.ts';
import { createCachedEncoder, type CachedEncoder } from './cached-encoder.ts';
import { resolveEncoder, type EncoderFiles } from './resolve-encoder.ts';

export interface EncoderOptions {
  /** As the user names it; `onnx:NAME` where absent. */
  readonly id?: string | undefined;
  /** Threads of one computation. One where absent: more help little with short texts and wait for each other. */
  readonly threads?: number | undefined;
  /** Where catalog models lie; `modelsFolder()` where absent. */
  readonly folder?: string | undefined;
}

/**
 * A sentence encoder run by ONNX Runtime inside this process: mean over token vectors, unit length.
 *
 * `name` is one of the catalog (`all-MiniLM-L6-v2`) or a folder with `tokenizer.json` and `model.onnx`. A request that
 * names another encoder of the catalog is answered by that one, if it is installed; it is never answered by a
 * different one. Vectors do not depend on which texts are asked for together. A text is read once a process.
 *
 * Throws `encoder-missing` (also from `embed`) and `encoder-invalid`. `generate` always throws.
 *
 * @example
 * const encoder = await createEncoder('all-MiniLM-L6-v2');
 * const { vectors } = await encoder.embed({ texts: ['a red dress', 'a scarlet gown'] });
 */
export async function createEncoder(
  name: string,
  options: EncoderOptions = {},
): Promise<Model & Required<Pick<Model, 'embed'>>> {
  const folder = options.folder ?? modelsFolder();
  const threads = options.threads ?? 1;
  const own = resolveEncoder(name, folder);
  const encoders = new Map<string, CachedEncoder>();
  const encoderFor = (files: EncoderFiles): CachedEncoder => {
    const encoder = encoders.get(files.model) ?? createCachedEncoder(files, threads);
    encoders.set(files.model, encoder);
    return encoder;
  };
  const [sha256, tokenizer] = await Promise.all([fileHash(own.model), fileHash(own.tokenizer)]);
  return {
    id: options.id ?? `onnx:${name}`,
    identity: {
      kind: 'encoder',
      name: own.name,
      variant: own.variant,
      sha256,
      tokenizer,
      maxTokens: own.maxTokens,
      pooling: 'mean, unit length',
      engine: `onnxruntime-node ${await packageVersion('onnxruntime-node')}`,
      others: otherEncoders(own.name, folder),
    },
    endpoint: `onnx:${sha256}`,
    // It computes in this thread.
    maxConcurrency: 1,
    async generate() {
      throw usageError(`${name} is a sentence encoder and cannot generate text`, {
        code: 'encoder-cannot-generate',
        hint: 'Give it as --embedder, and a language model as --model',
      });
    },
    async embed(request, { signal } = {}) {
      refuseImages(request, options.id ?? `onnx:${name}`);
      const { texts, encoder } = request;
      return encoderFor(filesFor(encoder, own, folder)).embed(texts, signal);
    },
    async close() {
      for (const encoder of encoders.values()) await encoder.release();
      encoders.clear();
    },
  };
}

/** The encoder that a request names: `sentence-transformers/NAME` and `NAME` are the same. */
function filesFor(wanted: string | undefined, own: EncoderFiles, folder: string): EncoderFiles {
  const name = wanted?.split('/').at(-1) ?? own.name;
  if (name === own.name) return own;
  const known = modelCatalog.some((entry) => entry.name === name && entry.kind === 'sentence-encoder');
  if (known && installedModel(name, folder) === undefined) throw missingModelError(name, folder);
  if (known) return resolveEncoder(name, folder);
  throw new FettleError(`The request needs the encoder "${name}", and this one is "${own.name}"`, {
    code: 'encoder-missing',
    hint: 'Name a folder that holds it as --embedder onnx:FOLDER',
  });
}

/** Further encoders that could answer. Their content was checked when they were pulled, so the catalog's hash stands. */
function otherEncoders(own: string, folder: string): JsonValue {
  return modelCatalog
    .filter((entry) => entry.kind === 'sentence-encoder' && entry.name !== own)
    .flatMap(({ name }) => installedModel(name, folder) ?? [])
    .map(({ model, variant }) => ({ name: model.name, variant: variant.name, sha256: variant.files[0].sha256 }));
}
