import type { Model } from '../../core/index.ts';
import { classifierFiles } from './classifier-files.ts';
import { createClassifier } from './create-classifier.ts';
import { createEncoder, type EncoderOptions } from './create-encoder.ts';

/** What `onnx:NAME` names: a folder whose config.json says that it is a sequence classifier, else a sentence encoder. */
export async function openOnnxModel(name: string, options: EncoderOptions = {}): Promise<Model> {
  const files = classifierFiles(name);
  return files === undefined ? createEncoder(name, options) : createClassifier(files, options);
}
