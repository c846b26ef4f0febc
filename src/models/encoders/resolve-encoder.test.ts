import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resolveEncoder } from './resolve-encoder.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fettle-encoder-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('resolveEncoder', () => {
  it('takes a folder in the layout of sentence-transformers', () => {
    mkdirSync(join(folder, 'onnx'));
    writeFileSync(join(folder, 'onnx', 'model.onnx'), '');
    writeFileSync(join(folder, 'tokenizer.json'), '{"truncation":{"max_length":64}}');
    expect(resolveEncoder(folder)).toEqual({
      name: basename(folder),
      variant: 'own',
      model: join(folder, 'onnx', 'model.onnx'),
      tokenizer: join(folder, 'tokenizer.json'),
      maxTokens: 64,
    });
    writeFileSync(join(folder, 'sentence_bert_config.json'), '{"max_seq_length":32}');
    expect(resolveEncoder(folder).maxTokens).toBe(32);
  });

  it('says what is missing', () => {
    expect(() => resolveEncoder(folder)).toThrow(expect.objectContaining({ code: 'encoder-missing', where: folder }));
    expect(() => resolveEncoder('all-MiniLM-L6-v2', folder)).toThrow(
      expect.objectContaining({ code: 'encoder-missing', hint: 'fettle models pull all-MiniLM-L6-v2' }),
    );
    expect(() => resolveEncoder('smollm2-135m', folder)).toThrow(expect.objectContaining({ exitCode: 2 }));
    expect(() => resolveEncoder('nothing', folder)).toThrow(expect.objectContaining({ code: 'unknown-model' }));
  });

  it('names the file that is no JSON', () => {
    writeFileSync(join(folder, 'model.onnx'), '');
    writeFileSync(join(folder, 'tokenizer.json'), 'no');
    expect(() => resolveEncoder(folder)).toThrow(expect.objectContaining({ code: 'encoder-invalid' }));
  });
});
