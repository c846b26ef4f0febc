/** Sentence encoders as ONNX files, run by ONNX Runtime inside this process. */
export { createEncoder, type EncoderOptions } from './create-encoder.ts';
