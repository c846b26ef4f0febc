// Grades of mathematical answers a second of CPU, beside Python: sympy's simplify(a - b) == 0 over the same formulas, and a
// transcription of the released normaliser of StepCo. FETTLE_BENCH_PYTHON names an interpreter with sympy; without it only
// our own figures are printed.
import { spawnSync } from 'node:child_process';
import { extractMathAnswer, gradePrm800k, gradeReference, gradeStrict } from '../src/metrics/math/index.ts';

interface Pair {
  /** As LaTeX, for our graders. */
  readonly answer: string;
  readonly gold: string;
  /** As plain text, for sympy. */
  readonly plain: readonly [string, string];
}

/** Formulas of the kinds that MATH asks for, half of the answers wrong. */
function makePairs(count: number): Pair[] {
  const pairs: Pair[] = [];
  for (let i = 0; i < count; i++) {
    const [a, b, off] = [2 + (i % 37), 3 + (i % 23), i % 2];
    const kinds: Pair[] = [
      { answer: `\\frac{${a}}{${b}}`, gold: `${a + off}/${b}`, plain: [`(${a})/(${b})`, `${a + off}/${b}`] },
      {
        answer: `${a}\\sqrt{${b}}`,
        gold: `\\sqrt{${a * a * b + off}}`,
        plain: [`${a}*sqrt(${b})`, `sqrt(${a * a * b + off})`],
      },
      {
        answer: `(x+${a})(x-${b})`,
        gold: `x^2+${a - b + 100}x-100x-${a * b + off}`,
        plain: [`(x+${a})*(x-${b})`, `x**2+${a - b + 100}*x-100*x-${a * b + off}`],
      },
      {
        answer: `\\frac{${a}\\pi}{${b}}`,
        gold: `\\pi\\cdot\\frac{${a + off}}{${b}}`,
        plain: [`${a}*pi/${b}`, `pi*${a + off}/${b}`],
      },
      { answer: `${a}+${b}i`, gold: `${b + off}i+${a}`, plain: [`${a}+${b}*I`, `${b + off}*I+${a}`] },
      {
        answer: `\\frac{1}{\\sqrt{${b}}+1}`,
        gold: `\\frac{\\sqrt{${b}}-1}{${b - 1 + off}}`,
        plain: [`1/(sqrt(${b})+1)`, `(sqrt(${b})-1)/${b - 1 + off}`],
      },
    ];
    pairs.push(kinds[i % kinds.length] as Pair);
  }
  return pairs;
}

const replies = Array.from(
  { length: 20_000 },
  (_, i) => `So there are ${i} boxes of 12. The answer is \\boxed{${i * 12}}.`,
);

/** Calls a second of CPU; the first pass warms up. */
function rate(count: number, pass: () => void): number {
  pass();
  const start = process.cpuUsage();
  pass();
  const { user, system } = process.cpuUsage(start);
  return (count * 1e6) / (user + system);
}

const python = `
import json, re, sys, time
pairs, replies = json.load(sys.stdin)
def clock(count, run):
    start = time.process_time()
    run()
    return count / (time.process_time() - start)
rates = {}
def released():
    for text in replies:
        match = re.search(r'\\\\boxed\\{(.*?)\\}', text)
        kept = ''.join(c for c in match.group(1) if c not in ',<>[]\\\\{}$*()' and not c.isalpha())
        value = eval(kept.replace(':', '.').strip().split(' ')[0])
        abs(value - value / 100)
rates['normaliser'] = clock(len(replies), released)
try:
    from sympy import simplify
    from sympy.parsing.sympy_parser import parse_expr
    verdicts = []
    def symbolic():
        for a, b in pairs:
            verdicts.append(bool(simplify(parse_expr(a) - parse_expr(b)) == 0))
    rates['sympy'] = clock(len(pairs), symbolic)
    rates['verdicts'] = verdicts
except ImportError:
    pass
print(json.dumps(rates))
`;

interface PythonRates {
  readonly normaliser: number;
  readonly sympy?: number;
  readonly verdicts?: readonly boolean[];
}

function pythonRates(pairs: readonly Pair[]): PythonRates | undefined {
  const interpreter = process.env['FETTLE_BENCH_PYTHON'];
  if (interpreter === undefined) return undefined;
  const input = JSON.stringify([pairs.map(({ plain }) => plain), replies]);
  const run = spawnSync(interpreter, ['-c', python], { input, encoding: 'utf8', maxBuffer: 1 << 28 });
  if (run.status !== 0) throw new Error(`bench/math.ts: ${interpreter} failed: ${run.stderr.slice(-400)}`);
  return JSON.parse(run.stdout) as PythonRates;
}

const pairs = makePairs(20_000);
const ours = {
  strict: rate(pairs.length, () => pairs.forEach(({ answer, gold }) => gradeStrict(answer, gold, { kind: 'number' }))),
  prm800k: rate(pairs.length, () => pairs.forEach(({ answer, gold }) => gradePrm800k(answer, gold))),
  reference: rate(replies.length, () => replies.forEach((reply, i) => gradeReference(reply, String(i * 12)))),
  extraction: rate(replies.length, () => replies.forEach((reply) => extractMathAnswer(reply, { kind: 'number' }))),
};
for (const [name, value] of Object.entries(ours))
  process.stdout.write(`${name.padEnd(12)} ${Math.round(value)} a CPU second\n`);

const compared = pairs.slice(0, 600);
const theirs = pythonRates(compared);
if (theirs !== undefined) {
  process.stdout.write(
    `reference is ${(ours.reference / theirs.normaliser).toFixed(1)} times the Python normaliser (${Math.round(theirs.normaliser)})\n`,
  );
  if (theirs.sympy !== undefined) {
    process.stdout.write(
      `strict is ${(ours.strict / theirs.sympy).toFixed(0)} times sympy (${Math.round(theirs.sympy)})\n`,
    );
    const agreed = compared.filter(
      ({ answer, gold }, i) => gradeStrict(answer, gold, { kind: 'number' }).right === theirs.verdicts?.[i],
    );
    process.stdout.write(`${agreed.length} of ${compared.length} verdicts are the same\n`);
    if (agreed.length < compared.length) process.exitCode = 1;
  }
}
