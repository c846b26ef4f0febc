import { usageError, type Model } from '../../core/index.ts';
import { fileHash } from '../file-hash.ts';
import { packageVersion } from '../package-version.ts';
import type { ClassifierFiles } from './classifier-files.ts';
import type { EncoderOptions } from './create-encoder.ts';
import { loadPairClassifier, type PairClassifier } from './pair-classifier.ts';

/**
 * A sequence classifier run by ONNX Runtime inside this process, for texts and pairs of texts. The weights are loaded
 * with the first call. Probabilities do not depend on which pairs are asked for together.
 *
 * Classes are a softmax, or each a sigmoid where config.json says so; a model with one output gives that number within
 * [0, 1] (a regression, as StepCo trains its verifier). Throws `classifier-invalid` from `classify`; `generate` always
 * throws.
 */
export async function createClassifier(
  files: ClassifierFiles,
  options: Omit<EncoderOptions, 'folder'> = {},
): Promise<Model & Required<Pick<Model, 'classify'>>> {
  const [sha256, tokenizer] = await Promise.all([fileHash(files.model), fileHash(files.tokenizer)]);
  const { activation, labels, maxTokens, name } = files;
  let loading: Promise<PairClassifier> | undefined;
  return {
    id: options.id ?? `onnx:${name}`,
    identity: {
      kind: 'classifier',
      name,
      sha256,
      tokenizer,
      maxTokens,
      activation,
      labels,
      engine: `onnxruntime-node ${await packageVersion('onnxruntime-node')}`,
    },
    endpoint: `onnx:${sha256}`,
    // It computes in this thread.
    maxConcurrency: 1,
    async generate() {
      throw usageError(`${name} is a classifier and cannot generate text`, {
        code: 'classifier-cannot-generate',
        hint: 'Give it as --verifier with verify=classifier, and a language model as --model',
      });
    },
    async classify({ pairs }, { signal } = {}) {
      loading ??= loadPairClassifier(files, options.threads ?? 1);
      const { probabilities, tokens, cut } = await (await loading).classify(pairs, signal);
      return {
        probabilities,
        ...(labels.length > 0 ? { labels } : {}),
        ...(cut > 0 ? { cut } : {}),
        usage: { inputTokens: tokens, outputTokens: 0 },
      };
    },
    async close() {
      const loaded = await loading?.catch(() => undefined);
      loading = undefined;
      await loaded?.release();
    },
  };
}
