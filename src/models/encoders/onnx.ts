import { readFile } from 'node:fs/promises';
import type { Tokenizer } from '@huggingface/tokenizers';
import type { InferenceSession } from 'onnxruntime-node';
import { z } from 'zod';

/** A tokenizer.json. Throws what reading and parsing it throws. */
export async function openTokenizer(path: string): Promise<Tokenizer> {
  const { Tokenizer: TokenizerClass } = await import('@huggingface/tokenizers');
  return new TokenizerClass(z.record(z.string(), z.unknown()).parse(JSON.parse(await readFile(path, 'utf8'))), {});
}

/** An ONNX file in memory, on the CPU. Throws what ONNX Runtime throws. */
export async function openSession(path: string, threads: number): Promise<InferenceSession> {
  const ort = await import('onnxruntime-node');
  return ort.InferenceSession.create(path, {
    executionProviders: ['cpu'],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
  });
}
