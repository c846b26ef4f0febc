// Against NLTK, scikit-learn and SQuAD's definition over our own random data.
import { expect, test } from 'vitest';
import vectors from '../__fixtures__/answers.json' with { type: 'json' };
import { classificationScores } from '../ranking/classification.ts';
import { ndcg } from '../ranking/ndcg.ts';
import { nltkSentenceBleu } from '../text/nltk-bleu.ts';
import { editDistance } from './edit-distance.ts';
import { tokenF1 } from './token-f1.ts';

test('sentence BLEU equals NLTK, smoothed and not', () => {
  for (const { input, expected } of vectors) {
    const got = (['method1', 'none'] as const).map((smoothing) =>
      nltkSentenceBleu(input.prediction, input.references, { smoothing }),
    );
    got.forEach((score, i) => expect(score, JSON.stringify(input)).toBeCloseTo(expected.bleu[i] as number, 14));
  }
});

test('token F1 equals SQuAD', () => {
  for (const { input, expected } of vectors) {
    expect(tokenF1(input.prediction, input.references).f1, JSON.stringify(input)).toBeCloseTo(expected.f1, 14);
  }
});

test('edit distance equals NLTK', () => {
  for (const { input, expected } of vectors) {
    expect(editDistance(input.prediction, input.references[0] as string)).toBe(expected.distance);
  }
});

test('classification scores equal scikit-learn, unparsed predictions included', () => {
  for (const { input, expected } of vectors) {
    const got = classificationScores(input.predicted, input.gold, [0, 1, 2, 3]);
    for (const kind of ['macro', 'micro', 'weighted'] as const) {
      const { precision, recall, f1 } = got[kind];
      [precision, recall, f1].forEach((value, i) => expect(value, kind).toBeCloseTo(expected[kind][i] as number, 13));
    }
    expect(got.accuracy).toBeCloseTo(expected.accuracy, 14);
    expect(got.confusion).toEqual(expected.confusion);
  }
});

test('NDCG equals scikit-learn for both gains', () => {
  for (const { input, expected } of vectors) {
    expect(ndcg(input.order, input.gains)).toBeCloseTo(expected.ndcg, 13);
    expect(ndcg(input.order, input.gains, { gain: 'linear', k: 3 })).toBeCloseTo(expected.linear, 13);
  }
});
