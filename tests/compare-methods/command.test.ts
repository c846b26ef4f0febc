import { cpSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { MethodFigures, MethodsComparison } from '../../src/report/index.ts';
import { openStore } from '../../src/store/index.ts';
import { fettle, fettleJson, startCli, temporaryFolder } from '../support/cli.ts';
import { items, rightAtOnce, rightOnPath, rightRevised, scriptedEndpoint, tokens } from './scripted-endpoint.ts';

const specs = ['direct', 'self-consistency:n=5', 'best-of-n:n=5', 'self-correct:rounds=1'];

const base = (methods: readonly string[] = specs): string[] => [
  'compare-methods',
  'rows.jsonl',
  '--scorer',
  'numeric',
  '--model',
  'toy:solver',
  '--verifier',
  'toy:judge',
  '--home',
  'home',
  '--methods',
  methods.join(','),
];

const count = (of: (item: number) => boolean): number => items.filter(of).length;
const rightPaths = (item: number): number => [0, 1, 2, 3, 4].filter((path) => rightOnPath(item, path)).length;
/** Judged texts of an item: right ones and wrong ones are each alike, and verified once. */
const verified = items.reduce((sum, item) => sum + (rightPaths(item) === 5 ? 1 : 2), 0);

const named = ({ methods }: MethodsComparison, spec: string): MethodFigures => {
  const found = methods.find((method) => method.spec === spec);
  if (found === undefined) throw new Error(`${spec} is not among ${methods.map((one) => one.spec).join(', ')}`);
  return found;
};

/** Answers of the endpoint in the journals of all runs, as an end by force left them; a copy is opened. */
async function answersOnDisk(home: string): Promise<number> {
  const copy = join(temporaryFolder(), 'home');
  cpSync(home, copy, { recursive: true });
  const store = await openStore(copy, { onWarning: () => undefined });
  try {
    let answers = 0;
    for (const run of await store.listRuns()) {
      for await (const { attempts } of store.calls(run.id)) answers += attempts > 0 ? 1 : 0;
    }
    return answers;
  } finally {
    await store.close();
  }
}

/** What does not depend on when and where a comparison ran. */
function timeless({
  methods,
  comparison: _id,
  createdAt: _when,
  command: _command,
  ...rest
}: MethodsComparison): object {
  return {
    ...rest,
    methods: methods.map(({ run: _run, wallSeconds: _wall, usage, ...one }) => ({
      ...one,
      usage: JSON.parse(
        JSON.stringify(usage, (key: string, value: unknown) => (key === 'latencyMs' ? 0 : value)),
      ) as object,
    })),
  };
}

describe('fettle compare-methods', () => {
  test('gives the figures that follow from the script', async () => {
    const { seen, folder } = await scriptedEndpoint(temporaryFolder());
    const end = await fettleJson<MethodsComparison>(
      [...base(), '--equal', 'tokens', '--figure', 'f.svg', '--out', 'out/report.html'],
      { cwd: folder },
    );
    expect(end.code, end.stderr).toBe(0);
    const { json } = end;
    const [direct, voted, best, corrected] = specs.map((spec) => named(json, spec)) as [
      MethodFigures,
      MethodFigures,
      MethodFigures,
      MethodFigures,
    ];

    expect(direct.accuracy).toBe(count(rightAtOnce) / 12);
    expect(voted.accuracy).toBe(count((item) => rightPaths(item) >= 3) / 12);
    expect(best.accuracy).toBe(1);
    expect(corrected.accuracy).toBe(count(rightRevised) / 12);
    for (const { questions, failed, unparsed } of json.methods)
      expect([questions, failed, unparsed]).toEqual([12, 0, 0]);

    // Best of 5 is right on the 4 items that direct misses: McNemar 2 * 2^-4.
    expect(direct.difference).toBeUndefined();
    expect(best.difference).toMatchObject({
      n: 12,
      secondBetter: 4,
      firstBetter: 0,
      pValue: 0.125,
      test: 'McNemar exact',
    });
    expect(best.difference?.difference).toBeCloseTo(4 / 12, 12);
    const votedBetter = count((item) => rightPaths(item) >= 3 && !rightAtOnce(item));
    const votedWorse = count((item) => rightPaths(item) < 3 && rightAtOnce(item));
    expect(voted.difference).toMatchObject({ secondBetter: votedBetter, firstBetter: votedWorse });

    const sum = (calls: number, [input, output]: readonly [number, number]) => ({
      calls,
      inputTokens: calls * input,
      outputTokens: calls * output,
    });
    expect(direct.usage.alone).toMatchObject(sum(12, tokens.ask));
    expect(voted.usage.roles).toMatchObject({ main: sum(60, tokens.ask) });
    expect(best.usage.roles).toMatchObject({ main: sum(60, tokens.ask), verifier: sum(verified, tokens.verify) });
    expect(corrected.usage.alone).toMatchObject({ calls: 36, inputTokens: 12 * 60, outputTokens: 12 * 9 });
    // Its paths are those of self-consistency, its first attempt is that of direct: the others pay for them.
    expect(voted.usage.paid).toMatchObject(sum(60, tokens.ask));
    expect(best.usage.paid).toMatchObject(sum(verified, tokens.verify));
    expect(corrected.usage.paid).toMatchObject({ calls: 24, inputTokens: 12 * 50, outputTokens: 12 * 6 });
    expect(seen.length).toBe(12 + 60 + verified + 24);
    expect(new Set(seen.map(({ key }) => key)).size).toBe(seen.length);

    const price = { ask: 10 * 0.001 + 3 * 0.01, verify: 8 * 0.0001 };
    expect(best.usage.alone.cost).toBeCloseTo(60 * price.ask + verified * price.verify, 9);
    expect(best.usage.paid.cost).toBeCloseTo(verified * price.verify, 9);

    expect(direct.tokensPerQuestion).toBe(13);
    expect(voted.tokensPerQuestion).toBe(65);
    expect(best.tokensPerQuestion).toBeCloseTo(65 + (8 * verified) / 12, 9);
    expect(corrected.tokensPerQuestion).toBe(69);
    expect(json.methods.map(({ onFront }) => onFront)).toEqual([true, false, true, true]);

    expect(corrected.rounds).toEqual({
      questions: 12,
      firstAccuracy: 8 / 12,
      rounds: [
        {
          round: 1,
          questions: 12,
          rightBefore: 8,
          rightToWrong: count((item) => rightAtOnce(item) && !rightRevised(item)),
          wrongToRight: count((item) => !rightAtOnce(item) && rightRevised(item)),
          accuracy: count(rightRevised) / 12,
        },
      ],
      whole: { rightBefore: 8, rightToWrong: 2, wrongBefore: 4, wrongToRight: 3 },
    });
    expect(direct.rounds).toBeUndefined();

    const curve = voted.curve ?? [];
    expect(curve.map(({ n, tokensPerQuestion }) => [n, tokensPerQuestion])).toEqual(
      [1, 2, 3, 4, 5].map((n) => [n, 13 * n]),
    );
    expect(curve[0]?.accuracy).toBeCloseTo(items.reduce((sum, item) => sum + rightPaths(item) / 5, 0) / 12, 12);
    // Of two paths the first wins a tie, so the earlier has to be right: both among the right ones, which come last.
    const pairs = (right: number): number => (right * (right - 1)) / 2 / 10;
    expect(curve[1]?.accuracy).toBeCloseTo(items.reduce((sum, item) => sum + pairs(rightPaths(item)), 0) / 12, 12);
    expect(curve[4]).toEqual({ n: 5, tokensPerQuestion: 65, accuracy: voted.accuracy, interval: voted.interval });
    // The verifier finds any right path among two.
    const found = (right: number): number => 1 - ((5 - right) * (4 - right)) / 2 / 10;
    expect(best.curve?.[1]?.accuracy).toBeCloseTo(
      items.reduce((sum, item) => sum + found(rightPaths(item)), 0) / 12,
      12,
    );

    const svg = readFileSync(join(folder, 'f.svg'), 'utf8');
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg"/);
    for (const spec of specs) expect(svg).toContain(`>${spec}</text>`);
    const page = readFileSync(join(folder, 'out', 'report.html'), 'utf8');
    expect(page).toContain('<bdi>best-of-n:n=5</bdi> is the most accurate with <b>1.000</b>');
    expect(page).toContain('2 of 8 (25 %)');
  });

  test('prints tables, and stores each method as a run that can be looked at', async () => {
    const { folder } = await scriptedEndpoint(temporaryFolder());
    const end = await fettle(base(), { cwd: folder });
    expect(end.code, end.stderr).toBe(0);
    expect(end.stdout).toMatch(/1 direct +0\.667 +0\.391 0\.862 +13\*/);
    expect(end.stdout).toMatch(/3 best-of-n:n=5 +1\.000 .*\+0\.333 .* 0\.125 +\d+\*/);
    expect(end.stdout).toMatch(/3 best-of-n:n=5 +600 +180 +\d+ +\d+ +\d+ +\d+/);
    expect(end.stdout).toMatch(/1 +12 +0\.750 +2 of 8 \(25 %\) +3 of 4 \(75 %\)/);
    for (const line of end.stdout.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
    const runs = await fettleJson<{ id: string; state: string; config: { method: string } }[]>(
      ['runs', '--home', 'home'],
      { cwd: folder },
    );
    expect(runs.json.map(({ state, config }) => [state, config.method])).toEqual(
      specs.toReversed().map((spec) => ['completed', spec]),
    );
  });

  test('--no-share asks everything anew, and comes to the same', async () => {
    const [shared, alone] = await Promise.all(
      [[], ['--no-share']].map(async (more) => {
        const { seen, folder } = await scriptedEndpoint(temporaryFolder());
        const end = await fettleJson<MethodsComparison>([...base(), ...more], { cwd: folder });
        return { json: end.json, calls: seen.length };
      }),
    );
    expect(alone?.calls).toBe(12 + 60 + 60 + verified + 36);
    for (const method of alone?.json.methods ?? []) {
      expect(method.usage.paid.calls).toBe(method.usage.alone.calls);
      const other = named(shared?.json as MethodsComparison, method.spec);
      expect([method.accuracy, method.tokensPerQuestion, method.usage.alone.calls]).toEqual([
        other.accuracy,
        other.tokensPerQuestion,
        other.usage.alone.calls,
      ]);
    }
  });

  test('stops at a budget of all methods together and is taken up again without a call made twice', async () => {
    const whole = await scriptedEndpoint(temporaryFolder());
    const { json } = await fettleJson<MethodsComparison>(base(), { cwd: whole.folder });
    const { seen, folder } = await scriptedEndpoint(temporaryFolder());
    const first = await fettleJson<MethodsComparison>([...base(), '--budget', 'calls=50', '--concurrency', '1'], {
      cwd: folder,
    });
    expect(first.code).toBe(1);
    expect(first.stderr).toMatch(/stopped early: The budget is used up: \d+ of 38 calls/);
    expect(first.stderr).toMatch(/compare-methods --resume c-\S+ --budget/);
    expect(first.json.methods.map(({ state }) => state)).toEqual(['completed', 'interrupted']);
    expect(first.json.missing).toEqual(specs.slice(2));
    // A sample's paths are on their way together: at most one sample's more than the limit.
    expect(seen.length).toBeGreaterThanOrEqual(50);
    expect(seen.length).toBeLessThan(50 + 5);
    const again = await fettleJson<MethodsComparison>(
      ['compare-methods', '--resume', '--budget', 'calls=100000', '--home', 'home'],
      { cwd: folder },
    );
    expect(again.code, again.stderr).toBe(0);
    expect(seen.length).toBe(whole.seen.length);
    expect(timeless(again.json)).toEqual(timeless(json));
    // Once more there is nothing left to ask.
    const id = again.json.comparison;
    const third = await fettleJson<MethodsComparison>(
      ['compare-methods', '--resume', id.slice(0, 12), '--home', 'home'],
      {
        cwd: folder,
      },
    );
    expect(third.json).toEqual(again.json);
    expect(seen.length).toBe(whole.seen.length);
  });

  test.each(['SIGKILL', 'SIGINT'] as const)('goes on after %s with what the journal holds', async (signal) => {
    const whole = await scriptedEndpoint(temporaryFolder());
    const { json } = await fettleJson<MethodsComparison>(base(), { cwd: whole.folder });
    const folder = temporaryFolder();
    const killAt = Promise.withResolvers<void>();
    const { seen } = await scriptedEndpoint(folder, {
      latencyMs: 3,
      onCall: (calls) => void (calls === 80 && killAt.resolve()),
    });
    const { child, end } = startCli([...base(), '--concurrency', '4'], { cwd: folder });
    await killAt.promise;
    child.kill(signal);
    const ended = await end;
    if (signal === 'SIGKILL') expect(ended.signal).toBe('SIGKILL');
    else {
      expect(ended.code).toBe(1);
      expect(ended.stderr).toMatch(/stopped early\.\n {2}hint: {2}Go on with: fettle compare-methods --resume c-/);
      expect(ended.stdout).toMatch(/interrupted: best-of-n:n=5, \d+ questions so far\n/);
    }
    const lost = seen.length - (await answersOnDisk(join(folder, 'home')));
    const again = await fettleJson<MethodsComparison>(['compare-methods', '--resume', 'last', '--home', 'home'], {
      cwd: folder,
    });
    expect(again.code, again.stderr).toBe(0);
    expect(timeless(again.json)).toEqual(timeless(json));
    // What was on its way, to the endpoint or to the disk, is asked for again: all of it, and nothing else.
    const keys = new Set(seen.map(({ key }) => key));
    expect(keys.size).toBe(whole.seen.length);
    expect(seen.length - keys.size).toBe(lost);
    if (signal === 'SIGINT') expect(lost).toBe(0);
  });

  test.each([
    [['direct', 'gues'], [], 'There is no method "gues"'],
    [['direct', 'self-consistency:m=3'], [], 'has no option "m"'],
    [['direct', 'direct'], [], 'named twice'],
    [['direct'], [], 'needs two methods'],
    [['n=5', 'direct'], [], 'no method stands before it'],
    [['direct', 'best-of-n:verify=prm'], ['no verifier'], 'needs a model as verifier'],
    [['direct', 'self-correct'], ['--equal', 'money'], 'cannot be compared at equal "money"'],
  ])('refuses %j %j before anything is asked', async (methods, more, message) => {
    const { seen, folder } = await scriptedEndpoint(temporaryFolder());
    const args = base(methods);
    const without = more[0] === 'no verifier';
    const given = without ? args.filter((word) => word !== '--verifier' && word !== 'toy:judge') : [...args, ...more];
    const end = await fettle(given, { cwd: folder });
    expect(end.code).toBe(2);
    expect(end.stderr).toContain(message);
    expect(seen).toEqual([]);
  });

  test('a model that verifies itself has its verifying told apart', async () => {
    const { folder } = await scriptedEndpoint(temporaryFolder());
    const args = base(['direct', 'best-of-n:n=2,verify=rollouts']).filter(
      (word) => word !== '--verifier' && word !== 'toy:judge',
    );
    const { json, stderr, code } = await fettleJson<MethodsComparison>(args, { cwd: folder });
    expect(code, stderr).toBe(0);
    expect(stderr).toContain('verifies its own steps');
    expect(json.methods[1]?.usage.roles['main']).toMatchObject({ calls: 24 });
    expect(json.methods[1]?.usage.roles['verifier']?.calls).toBeGreaterThan(0);
  });

  test('a method that fails on every question is wrong on all, said why, and no success', async () => {
    const { folder } = await scriptedEndpoint(temporaryFolder());
    // The solver reports no log-probabilities, which a prompted verifier needs.
    const end = await fettle(
      base(['direct', 'best-of-n:n=2']).map((word) => (word === 'toy:judge' ? 'toy:solver' : word)),
      { cwd: folder },
    );
    expect(end.code).toBe(1);
    expect(end.stdout).toMatch(/failed: 2 best-of-n:n=2, 12 of 12, counted as wrong\. The model\s/);
    expect(end.stderr).toContain('Every question of best-of-n:n=2 failed.');
  });

  test('--resume of nothing says so', async () => {
    const folder = temporaryFolder();
    const end = await fettle(['compare-methods', '--resume', '--home', 'home'], { cwd: folder });
    expect(end.code).toBe(2);
    expect(end.stderr).toContain('There is no comparison "last"');
    expect(existsSync(join(folder, 'out'))).toBe(false);
  });
});
