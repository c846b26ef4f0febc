import { mutate, picker, randomText, seeded } from './texts.ts';

export interface AnswerCase {
  readonly prediction: string;
  readonly references: string[];
  readonly predicted: (number | null)[];
  readonly gold: number[];
  readonly order: number[];
  readonly gains: number[];
}

export function answerCases(count: number, seed: number): AnswerCase[] {
  const random = seeded(seed);
  const pick = picker(random);
  const integer = (bound: number): number => Math.floor(random() * bound);
  return Array.from({ length: count }, () => {
    const reference = randomText(random, 14, 0.2);
    const samples = 1 + integer(25);
    const items = 2 + integer(6);
    const order = Array.from({ length: items }, (_, i) => i).sort(() => random() - 0.5);
    return {
      prediction: mutate(random, reference, 0.2),
      references: [reference, randomText(random, 14, 0.2)].slice(0, 1 + integer(2)),
      predicted: Array.from({ length: samples }, () => (random() < 0.15 ? null : integer(4))),
      gold: Array.from({ length: samples }, () => integer(4)),
      order,
      gains: Array.from({ length: items }, (_, i) => (i === 0 ? 1 : pick([0, 0, 0.01, 0.1, 1, 2, 3]))),
    };
  });
}

/** SQuAD's F1 is written out here; the rest comes from NLTK and scikit-learn. */
export const answerProgram = `
import collections, json, re, string, sys, warnings
import numpy as np
from nltk.metrics.distance import edit_distance
from nltk.translate.bleu_score import SmoothingFunction, sentence_bleu
from sklearn.metrics import accuracy_score, confusion_matrix, ndcg_score, precision_recall_fscore_support
warnings.simplefilter('ignore')

def words(text):
    text = ''.join(ch for ch in text.lower() if ch not in set(string.punctuation))
    return re.sub(r'\\b(a|an|the)\\b', ' ', text).split()

def f1(prediction, reference):
    a, b = words(prediction), words(reference)
    if not a or not b:
        return float(len(a) == len(b))
    same = sum((collections.Counter(a) & collections.Counter(b)).values())
    if same == 0:
        return 0.0
    p, r = same / len(a), same / len(b)
    return 2 * p * r / (p + r)

out = []
for c in json.load(sys.stdin):
    hypothesis, references = c['prediction'].split(), [r.split() for r in c['references']]
    labels = [0, 1, 2, 3]
    predicted = [9 if p is None else p for p in c['predicted']]
    score = lambda average: [float(v) for v in precision_recall_fscore_support(c['gold'], predicted, labels=labels, average=average, zero_division=0)[:3]]
    places = np.zeros(len(c['gains']))
    for rank, item in enumerate(c['order']):
        places[item] = len(c['order']) - rank
    out.append({
        'bleu': [float(sentence_bleu(references, hypothesis, smoothing_function=s)) for s in (SmoothingFunction().method1, None)],
        'f1': max(f1(c['prediction'], r) for r in c['references']),
        'distance': edit_distance(c['prediction'], c['references'][0]),
        'macro': score('macro'), 'micro': score('micro'), 'weighted': score('weighted'),
        'accuracy': float(accuracy_score(c['gold'], predicted)),
        'confusion': confusion_matrix(c['gold'], predicted, labels=labels).tolist() if set(c['gold']) else [],
        'ndcg': float(ndcg_score([[2 ** g - 1 for g in c['gains']]], [places])),
        'linear': float(ndcg_score([c['gains']], [places], k=3)),
    })
json.dump(out, sys.stdout)
`;
