import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ClassifyResponse, Model } from '../../core/index.ts';
import { openOnnxModel } from './open-onnx-model.ts';
import { writeTinyClassifier } from './testing/tiny-classifier.ts';

let folder: string;
let opened: Model[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fettle-classifier-'));
});
afterEach(async () => {
  for (const model of opened) await model.close?.();
  opened = [];
  rmSync(folder, { recursive: true });
});

async function classify(pairs: readonly (readonly [string, string?])[]): Promise<ClassifyResponse> {
  const model = await openOnnxModel(folder);
  opened.push(model);
  const request = pairs.map(([text, second]) => ({ text, ...(second === undefined ? {} : { second }) }));
  return (model.classify as NonNullable<Model['classify']>)({ pairs: request });
}

const words = { good: [0, 2], bad: [3, 0] };
const softmax = (a: number, b: number): number[] => [1 / (1 + Math.exp(b - a)), 1 / (1 + Math.exp(a - b))];

describe('a classifier in ONNX', () => {
  it('gives the numbers of its table for texts and pairs, whatever is asked beside them', async () => {
    writeTinyClassifier(folder, words, { id2label: { 0: 'wrong', 1: 'right' } });
    const { probabilities, labels, usage, cut } = await classify([
      ['good'],
      ['x', 'bad good'],
      ['good good', ''],
      ['x'],
    ]);
    // [CLS] good [SEP]: a third of the word's row.
    expect(probabilities[0]).toEqual(softmax(0, 2 / 3).map((p) => expect.closeTo(p, 6) as number));
    // [CLS] x [SEP] bad good [SEP]: six tokens, three of the second text.
    expect(probabilities[1]).toEqual(softmax((3 / 6) * 1.5, (2 / 6) * 1.5).map((p) => expect.closeTo(p, 6) as number));
    expect(probabilities[3]).toEqual([0.5, 0.5]);
    expect(labels).toEqual(['wrong', 'right']);
    expect(cut).toBeUndefined();
    expect(usage.inputTokens).toBe(3 + 6 + 4 + 3);
    expect((await classify([['x', 'bad good']])).probabilities[0]).toEqual(probabilities[1]);
  });

  it('keeps the end of a pair that is too long, and says so', async () => {
    writeTinyClassifier(folder, words, { max_position_embeddings: 8 });
    const long = `${'bad '.repeat(50)}good good good good`;
    const { probabilities, cut, usage } = await classify([['x', long]]);
    expect(cut).toBe(1);
    expect(usage.inputTokens).toBe(8);
    expect(probabilities[0]?.[1]).toBeGreaterThan(0.5);
    expect((await classify([[`${'bad '.repeat(50)}good`, 'good']])).usage.inputTokens).toBe(8);
  });

  it('takes one output for the score itself, or through a sigmoid where the config says so', async () => {
    writeTinyClassifier(folder, { good: [1.8], bad: [-9] }, { id2label: { 0: 'LABEL_0' } });
    expect((await classify([['good'], ['bad']])).probabilities).toEqual([[expect.closeTo(0.6, 6)], [0]]);
    writeTinyClassifier(
      folder,
      { good: [3] },
      {
        id2label: { 0: 'LABEL_0' },
        sentence_transformers: { activation_fn: 'torch.nn.modules.activation.Sigmoid' },
      },
    );
    expect((await classify([['good']])).probabilities).toEqual([[expect.closeTo(1 / (1 + Math.exp(-1)), 6)]]);
  });

  it('says what is missing or broken, and generates nothing', async () => {
    writeTinyClassifier(folder, words);
    const model = await openOnnxModel(folder);
    await expect(model.generate({ messages: [] })).rejects.toMatchObject({ code: 'classifier-cannot-generate' });
    expect(model.embed).toBeUndefined();
    rmSync(join(folder, 'tokenizer.json'));
    await expect(openOnnxModel(folder)).rejects.toMatchObject({ code: 'classifier-invalid' });
    writeFileSync(join(folder, 'tokenizer.json'), '{}');
    writeFileSync(join(folder, 'model.onnx'), 'no model');
    await expect(classify([['x']])).rejects.toMatchObject({ code: 'classifier-invalid' });
  });
});
