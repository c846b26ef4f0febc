// MultiChartQA's two scoring modes on real replies: speed, agreement with a judge, and what strict changes by kind.
//   node bench/charts.ts [folder with multichartqa.jsonl and replies/gpt-4o-mini.jsonl.gz]
// The folder is ../shared/data/multichartqa where none is named. Speed is measured beside the reference rules written
// anew in Python (bench/charts.py), where python3 is here, the best of 15 rounds each; both then have to give the same
// score for every reply.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import type { Sample, Score } from '../src/core/index.ts';
import { createChartScorer } from '../src/benchmarks/multichartqa/scoring/index.ts';
import { chartTarget, type ChartTarget } from '../src/benchmarks/multichartqa/scoring/target.ts';
import { raterAgreement } from '../src/metrics/index.ts';
import { openEvaluation, readReplies, scoreReplies } from '../src/workbench/index.ts';
import { differenceKind } from './chart-differences.ts';

const folder = process.argv[2] ?? fileURLToPath(new URL('../../shared/data/multichartqa', import.meta.url));
const repliesFile = `${folder}/replies/gpt-4o-mini.jsonl.gz`;
const replies = await readReplies(repliesFile);

interface Scored {
  readonly id: string;
  readonly target: ChartTarget;
  readonly reply: string;
  readonly reference: Score;
  readonly strict: Score;
}

async function scoresOf(mode: 'reference' | 'strict') {
  const { opened } = await openEvaluation({
    target: { kind: 'benchmark', name: 'multichartqa' },
    data: folder,
    mode,
    options: { groups: 'all' },
  });
  return scoreReplies({ opened, replies, source: repliesFile, models: {}, missing: 'fail' });
}

const { results: strictResults } = await scoresOf('strict');
const { results: referenceResults } = await scoresOf('reference');
const none: Score = { value: 0, parsed: false };
const scored = strictResults.map((result, i): Scored => ({
  id: result.sampleId,
  target: chartTarget(result.target),
  reply: result.answer?.text ?? '',
  strict: result.scores['multichartqa'] ?? none,
  reference: referenceResults[i]?.scores['multichartqa'] ?? none,
}));

console.log(`${scored.length} replies\n`);
await speed();
agreement();
differences();

async function speed(): Promise<void> {
  const rows = scored.map(({ id, target, reply }) => [id, target.type, target.answer, reply] as const);
  const context = { models: {}, signal: new AbortController().signal };
  const samples = scored.map(({ id, target, reply }): [Sample, string] => [
    { id, input: [], target: { ...target } },
    reply,
  ]);
  const lines: string[] = [];
  const own = new Map<string, number | null>();
  for (const mode of ['strict', 'reference'] as const) {
    const scorer = createChartScorer(mode);
    const times: number[] = [];
    for (let round = 0; round < 15; round++) {
      const begin = performance.now();
      for (const [sample, text] of samples) {
        const score = await scorer.score({ text }, sample, context);
        if (mode === 'reference') own.set(sample.id, score.value);
      }
      times.push(performance.now() - begin);
    }
    lines.push(speedLine(mode, Math.min(...times)));
  }
  const script = fileURLToPath(new URL('charts.py', import.meta.url));
  const python = spawnSync('python3', [script], { input: JSON.stringify(rows), maxBuffer: 1 << 28, encoding: 'utf8' });
  if (python.status === 0) {
    const { seconds, scores } = JSON.parse(python.stdout) as {
      seconds: number;
      scores: Record<string, number | null>;
    };
    lines.push(speedLine('reference, Python', seconds * 1000));
    const differ = Object.entries(scores).filter(([id, value]) => own.get(id) !== value);
    lines.push(`replies that both score differently: ${differ.length}`);
    if (differ.length > 0) process.exitCode = 1;
  } else lines.push('no python3: not compared');
  console.log(`${'scorer'.padEnd(20)}${'ms'.padStart(8)}${'replies/s'.padStart(12)}\n${lines.join('\n')}\n`);
}

function speedLine(name: string, ms: number): string {
  return name.padEnd(20) + ms.toFixed(1).padStart(8) + ((scored.length / ms) * 1000).toFixed(0).padStart(12);
}

/** The replies' file says what a judge model found of each. */
function agreement(): void {
  const judged = new Map<string, number>();
  for (const line of gunzipSync(readFileSync(repliesFile)).toString('utf8').split('\n').filter(Boolean)) {
    const { id, judge_is_correct: verdict } = JSON.parse(line) as { id: string; judge_is_correct?: boolean };
    if (verdict !== undefined) judged.set(id, Number(verdict));
  }
  const rows = scored.filter(({ id }) => judged.has(id));
  if (rows.length === 0) return;
  const judge = rows.map(({ id }) => judged.get(id) as number);
  const clusters = rows.map(({ target }) => target.group);
  console.log('full credit and the judge that came with the replies');
  for (const mode of ['reference', 'strict'] as const) {
    const own = rows.map((row) => Number(row[mode].value === 1));
    const { agreement: same, kappa, low, high } = raterAgreement(own, judge, { clusters });
    const more = own.filter((value, i) => value > (judge[i] as number)).length;
    const fewer = own.filter((value, i) => value < (judge[i] as number)).length;
    console.log(
      `${mode.padEnd(11)}${(100 * (same ?? 0)).toFixed(2)} % agree, kappa ${kappa?.toFixed(3)} (95 %: ${low?.toFixed(3)} to ${high?.toFixed(3)}), credit that the judge denies ${more}, the other way ${fewer}`,
    );
  }
  console.log('');
}

function differences(): void {
  const counts = new Map<string, { n: number; points: number }>();
  for (const { target, reply, reference, strict } of scored) {
    const points = (strict.value ?? 0) - (reference.value ?? 0);
    if (Math.abs(points) < 1e-9) continue;
    const kind = `${points > 0 ? 'gained' : 'lost'}: ${differenceKind(target, reply, strict, points)}`;
    const known = counts.get(kind) ?? { n: 0, points: 0 };
    counts.set(kind, { n: known.n + 1, points: known.points + points });
  }
  const all = [...counts].toSorted(([a, x], [b, y]) =>
    a.slice(0, 4) < b.slice(0, 4) ? 1 : a.slice(0, 4) > b.slice(0, 4) ? -1 : y.n - x.n,
  );
  const total = all.reduce((sum, [, { n }]) => sum + n, 0);
  console.log(`strict and reference differ on ${total} replies`);
  for (const [kind, { n, points }] of all) {
    console.log(`${String(n).padStart(5)}  ${points.toFixed(1).padStart(6)}  ${kind}`);
  }
}
