import { mutate, picker, randomText, randomWord, seeded } from './texts.ts';

export interface RougeCase {
  readonly prediction: string;
  readonly reference: string;
  readonly stemmer: boolean;
}

export function rougeCases(count: number, seed: number): RougeCase[] {
  const random = seeded(seed);
  return Array.from({ length: count }, (_, i) => {
    const hostility = random() < 0.5 ? 0.03 : 0.4;
    const reference = randomText(random, i % 10 === 0 ? 120 : 25, hostility);
    const prediction = random() < 0.15 ? randomText(random, 25, hostility) : mutate(random, reference, hostility);
    return { prediction, reference, stemmer: random() < 0.75 };
  });
}

/** Each case gives rouge1, rouge2, rouge3, rougeL, rougeLsum as [precision, recall, f1]. */
export const rougeProgram = `
import json, sys
from rouge_score import rouge_scorer
names = ['rouge1', 'rouge2', 'rouge3', 'rougeL', 'rougeLsum']
scorers = {s: rouge_scorer.RougeScorer(names, use_stemmer=s) for s in (True, False)}
out = []
for case in json.load(sys.stdin):
    got = scorers[case['stemmer']].score(case['reference'], case['prediction'])
    out.append([[float(x) for x in (got[n].precision, got[n].recall, got[n].fmeasure)] for n in names])
json.dump(out, sys.stdout)
`;

export const stemProgram = `
import json, sys
from nltk.stem.porter import PorterStemmer
stemmer = PorterStemmer()
json.dump([stemmer.stem(word) for word in json.load(sys.stdin)], sys.stdout)
`;

export function stemWords(count: number, seed: number): string[] {
  const random = seeded(seed);
  return Array.from({ length: count }, () => randomWord(random).toLowerCase());
}

export interface BleuCase {
  /** One hypothesis, or several for a corpus. */
  readonly hypotheses: string[];
  readonly references: string[][];
  readonly options: {
    lowercase: boolean;
    tokenize: '13a' | 'intl' | 'zh' | 'char' | 'none';
    smoothing: 'exp' | 'floor' | 'add-k' | 'none';
    smoothValue?: number;
    effectiveOrder: boolean;
    maxOrder: number;
  };
}

export function bleuCases(count: number, seed: number): BleuCase[] {
  const random = seeded(seed);
  const pick = picker(random);
  return Array.from({ length: count }, () => {
    const size = random() < 0.7 ? 1 : 2 + Math.floor(random() * 4);
    const perHypothesis = random() < 0.7 ? 1 : 2 + Math.floor(random() * 2);
    const hostility = random() < 0.4 ? 0.05 : 0.5;
    const references: string[][] = [];
    const hypotheses: string[] = [];
    for (let i = 0; i < size; i++) {
      const base = randomText(random, 18, hostility);
      references.push(
        Array.from({ length: perHypothesis }, (_, r) => (r === 0 ? base : mutate(random, base, hostility))),
      );
      hypotheses.push(random() < 0.2 ? base : mutate(random, base, hostility));
    }
    const smoothing = pick(['exp', 'exp', 'floor', 'add-k', 'none'] as const);
    const valued = (smoothing === 'floor' || smoothing === 'add-k') && random() < 0.5;
    return {
      hypotheses,
      references,
      options: {
        lowercase: random() < 0.5,
        tokenize: pick(['13a', '13a', '13a', 'intl', 'zh', 'char', 'none'] as const),
        smoothing,
        ...(valued ? { smoothValue: pick([0.01, 0.5, 2]) } : {}),
        effectiveOrder: random() < 0.5,
        maxOrder: pick([4, 4, 4, 2, 1, 6]),
      },
    };
  });
}

/** Each case gives [score, brevity penalty, hypothesis length, reference length, precisions]. */
export const bleuProgram = `
import json, sys, logging
from sacrebleu.metrics import BLEU
logging.getLogger('sacrebleu').setLevel(logging.ERROR)
out = []
for case in json.load(sys.stdin):
    o = case['options']
    bleu = BLEU(lowercase=o['lowercase'], tokenize=o['tokenize'], smooth_method=o['smoothing'],
                smooth_value=o.get('smoothValue'), effective_order=o['effectiveOrder'], max_ngram_order=o['maxOrder'])
    s = bleu.corpus_score(case['hypotheses'], [list(column) for column in zip(*case['references'])])
    out.append([s.score, s.bp, s.sys_len, s.ref_len, s.precisions])
json.dump(out, sys.stdout)
`;
