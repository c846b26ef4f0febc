// Scoring speed of `fettle score shopping-mmlu`: 20,799 replies, as many as the benchmark has questions, in each mode.
// The data is the demonstration set repeated; every other reply is the right answer, the rest are prose of ours.
//   [FETTLE_BENCH_PYTHON=/path/to/python] node bench/score.ts
// The first table is the whole path (read, join, score, summarise), without an encoder: similarity is not scored.
// With an interpreter that has rouge_score and sacrebleu[ja], the second compares the metrics they have on the same
// replies: ours one by one, Python's one by one.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { corpusBleu, rougeL } from '../src/metrics/index.ts';
import { summarize } from '../src/report/index.ts';
import { openEvaluation, readReplies, scoreReplies } from '../src/workbench/index.ts';

const wanted = 20_799;
const folder = mkdtempSync(join(tmpdir(), 'fettle-score-'));

/** The demonstration set, every row repeated until there are about `wanted`. */
function repeatDemo(): void {
  cpSync(fileURLToPath(new URL('../assets/shopping-mmlu-demo', import.meta.url)), folder, { recursive: true });
  const skills = join(folder, 'skills');
  const files = readdirSync(skills).map((name) => join(skills, name));
  const rows = files.map((file) => readFileSync(file, 'utf8').split('\n').filter(Boolean));
  const size = rows.reduce((sum, lines) => sum + lines.length, 0);
  let left = wanted;
  files.forEach((file, i) => {
    const lines = rows[i] ?? [];
    const count = i === files.length - 1 ? left : Math.floor((wanted * lines.length) / size);
    left -= count;
    writeFileSync(file, Array.from({ length: count }, (_, at) => `${lines[at % lines.length]}\n`).join(''));
  });
}

const text = (target: unknown): string => (typeof target === 'string' ? target : JSON.stringify(target));

try {
  repeatDemo();
  const data = join(folder, 'skills');
  const repliesFile = join(folder, 'replies.jsonl');
  const base = { target: { kind: 'benchmark', name: 'shopping-mmlu' }, data, options: {} } as const;
  const { opened } = await openEvaluation({ ...base, mode: 'strict' });
  const pairs: (readonly [reply: string, target: string])[] = [];
  const lines: string[] = [];
  for (const task of opened.tasks) {
    for await (const sample of task.samples()) {
      const right = text(sample.target);
      const reply = pairs.length % 2 === 0 ? right : `I would say ${right}, as the others fit less well.`;
      pairs.push([reply, right]);
      lines.push(`${JSON.stringify({ id: sample.id, reply })}\n`);
    }
  }
  writeFileSync(repliesFile, lines.join(''));

  console.log(`${pairs.length} replies\n${'mode'.padEnd(16)}${'seconds'.padStart(9)}${'replies/s'.padStart(11)}`);
  for (const mode of ['strict', 'reference', 'reference-task', 'reference-kdd']) {
    const begin = performance.now();
    const evaluation = await openEvaluation({ ...base, mode });
    const replies = await readReplies(repliesFile);
    const { results } = await scoreReplies({
      opened: evaluation.opened,
      replies,
      source: repliesFile,
      models: {},
      missing: 'fail',
    });
    await summarize({
      benchmark: evaluation.benchmark,
      mode: evaluation.mode,
      tasks: evaluation.opened.tasks,
      results,
      includeSamples: true,
    });
    const seconds = (performance.now() - begin) / 1000;
    console.log(mode.padEnd(16) + seconds.toFixed(2).padStart(9) + (results.length / seconds).toFixed(0).padStart(11));
  }

  const python = process.env['FETTLE_BENCH_PYTHON'];
  if (python === undefined) {
    console.log('Only our own figures: FETTLE_BENCH_PYTHON names no interpreter with rouge_score and sacrebleu.');
  } else {
    const program = `
import json, sys, time
from rouge_score import rouge_scorer
from sacrebleu.metrics import BLEU
pairs = json.load(sys.stdin)
start = time.process_time()
rouge = rouge_scorer.RougeScorer(['rougeL'], use_stemmer=True)
bleu = BLEU(lowercase=True, effective_order=True)
for reply, target in pairs:
    rouge.score(target, reply)
    bleu.sentence_score(reply, [target])
print(time.process_time() - start)
`;
    const done = spawnSync(python, ['-c', program], { input: JSON.stringify(pairs), encoding: 'utf8' });
    if (done.status !== 0) throw new Error(done.stderr || String(done.error));
    const before = process.cpuUsage();
    for (const [reply, target] of pairs) {
      rougeL(reply, target);
      corpusBleu([reply], [target], { lowercase: true });
    }
    const { user, system } = process.cpuUsage(before);
    const ours = (user + system) / 1e6;
    const theirs = Number(done.stdout);
    console.log(
      `ROUGE-L and BLEU of every reply, CPU seconds: ours ${ours.toFixed(2)}, Python ${theirs.toFixed(2)}: ` +
        `${(theirs / ours).toFixed(1)} times as fast`,
    );
    // The design's budget.
    if (theirs / ours < 10) process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
