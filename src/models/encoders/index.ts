/** Sentence encoders as ONNX files, run by ONNX Runtime inside this process. */
export { createEncoder, type EncoderOptions } from './create-encoder.ts';
export { classifierFiles } from './classifier-files.ts';
export { createClassifier } from './create-classifier.ts';
export { openOnnxModel } from './open-onnx-model.ts';
