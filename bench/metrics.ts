// Scoring speed beside the reference Python packages, on the same texts in the same run:
//   FETTLE_BENCH_PYTHON=/path/to/python node bench/metrics.ts
// Without an interpreter that has rouge_score, sacrebleu[ja] and scikit-learn only our own figures are printed.
import { spawnSync } from 'node:child_process';
import {
  bootstrapStatistic,
  corpusBleu,
  loadJapaneseTokenizer,
  meanInterval,
  ndcg,
  rougeL,
  tokenF1,
} from '../src/metrics/index.ts';
import { japaneseTexts } from '../tests/parity-metrics/japanese-texts.ts';
import { mutate, randomText, seeded } from '../tests/parity-metrics/texts.ts';

const random = seeded(1);
const pairs = Array.from({ length: 2000 }, () => {
  const reference = randomText(random, 60, 0.05);
  return [mutate(random, reference, 0.05), reference] as const;
});
const titles = japaneseTexts(4000, 2);
const japanese = Array.from(
  { length: 2000 },
  (_, i) => [titles[2 * i] as string, titles[2 * i + 1] as string] as const,
);
const rankings = Array.from({ length: 2000 }, () => ({
  order: [0, 1, 2, 3, 4].sort(() => random() - 0.5),
  gains: [1, 0.1, 0.01, 0, 0],
}));

/** Items a second of processor time (other work on the machine must not count), the best of several passes. */
function rate(items: number, pass: () => void): number {
  let best = Infinity;
  const until = performance.now() + 2000;
  do {
    const before = process.cpuUsage();
    pass();
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, user + system);
  } while (performance.now() < until);
  return (items / best) * 1e6;
}

const program = `
import json, sys, time, logging
data = json.load(sys.stdin)
out = {}
def rate(name, items, run):
    best = 1e9
    for _ in range(2):
        start = time.process_time(); run(); best = min(best, time.process_time() - start)
    out[name] = items / best
try:
    from rouge_score import rouge_scorer
    scorer = rouge_scorer.RougeScorer(['rougeL'], use_stemmer=True)
    rate('ROUGE-L', len(data['pairs']), lambda: [scorer.score(r, p) for p, r in data['pairs']])
except ImportError: pass
try:
    from sacrebleu.metrics import BLEU
    logging.getLogger('sacrebleu').setLevel(logging.ERROR)
    def bleu(tokenize, pairs):
        # A new object a pass, as the token cache would answer the second pass.
        metric = BLEU(lowercase=True, tokenize=tokenize)
        metric.tokenizer.__class__.__call__.cache_clear()
        if hasattr(metric.tokenizer, '_post_tokenizer'): metric.tokenizer._post_tokenizer.__class__.__call__.cache_clear()
        for p, r in pairs: metric.corpus_score([p], [[r]])
    rate('BLEU 13a', len(data['pairs']), lambda: bleu('13a', data['pairs']))
    texts = data['japanese']
    rate('BLEU ja-mecab', len(texts), lambda: bleu('ja-mecab', texts))
except ImportError: pass
try:
    from sklearn.metrics import ndcg_score
    rows = [([[2 ** g - 1 for g in x['gains']]], [[5 - x['order'].index(i) for i in range(5)]]) for x in data['rankings']]
    rate('NDCG', len(rows), lambda: [ndcg_score(t, s) for t, s in rows])
except ImportError: pass
json.dump(out, sys.stdout)
`;

function pythonRates(): Record<string, number> {
  const python = process.env['FETTLE_BENCH_PYTHON'];
  if (python === undefined) return {};
  const input = JSON.stringify({ pairs, japanese, rankings });
  const done = spawnSync(python, ['-c', program], { input, encoding: 'utf8', maxBuffer: 2 ** 26 });
  if (done.status !== 0) throw new Error(done.stderr || String(done.error));
  return JSON.parse(done.stdout) as Record<string, number>;
}

const reference = pythonRates();
const lowercase = true;
const tokenize = await loadJapaneseTokenizer();
const ours: Record<string, number> = {
  'ROUGE-L': rate(pairs.length, () => pairs.forEach(([prediction, text]) => rougeL(prediction, text))),
  'BLEU 13a': rate(pairs.length, () =>
    pairs.forEach(([hypothesis, text]) => corpusBleu([hypothesis], [text], { lowercase })),
  ),
  'BLEU ja-mecab': rate(japanese.length, () =>
    japanese.forEach(([hypothesis, text]) => corpusBleu([hypothesis], [text], { lowercase, tokenize })),
  ),
  NDCG: rate(rankings.length, () => rankings.forEach(({ order, gains }) => ndcg(order, gains))),
  'token F1': rate(pairs.length, () => pairs.forEach(([prediction, text]) => tokenF1(prediction, text))),
};

console.log(`${'metric'.padEnd(16)}${'per CPU s'.padStart(12)}${'Python'.padStart(12)}${'ratio'.padStart(9)}`);
for (const [name, value] of Object.entries(ours)) {
  const other = reference[name];
  const right =
    other === undefined ? '' : `${other.toFixed(0).padStart(12)}${`${(value / other).toFixed(1)}x`.padStart(9)}`;
  console.log(`${name.padEnd(16)}${value.toFixed(0).padStart(12)}${right}`);
}

const many = Float64Array.from({ length: 100_000 }, random);
const clusters = Uint32Array.from(many, (_, i) => i >>> 2);
for (const [name, run] of [
  ['bootstrap, 100,000 samples x 2,000', () => bootstrapStatistic([many], ([sum]) => (sum as number) / many.length)],
  ['the same in 25,000 clusters', () => meanInterval(many, { clusters })],
] as const) {
  console.log(`${name}: ${(1000 / rate(1, run)).toFixed(0)} ms`);
}
