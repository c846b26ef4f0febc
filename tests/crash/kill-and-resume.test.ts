import { once } from 'node:events';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fettle, fettleJson, startCli, temporaryFolder } from '../support/cli.ts';
import { digitOf, type Endpoint, startEndpoint } from '../support/endpoint.ts';
import { countOf, journaledKeys } from '../support/journal.ts';

interface Scores {
  readonly samples: unknown;
  readonly tasks: Record<string, { n: number; score: number | null; interval: unknown }>;
  readonly groups: unknown;
  readonly overall: number;
}

/** What must not depend on how often the run was interrupted; times do. */
function scoresOf({ samples, tasks, groups, overall }: Scores): string {
  const figures = Object.fromEntries(
    Object.entries(tasks).map(([name, { n, score, interval }]) => [name, { n, score, interval }]),
  );
  return JSON.stringify({ samples, tasks: figures, groups, overall });
}

function questions(folder: string, count: number): string {
  const file = join(folder, 'questions.jsonl');
  const rows = Array.from({ length: count }, (_, i) =>
    JSON.stringify({ id: `q-${i}`, input: `Sample q-${i}: name a digit below three.`, target: String(i % 3) }),
  );
  writeFileSync(file, `${rows.join('\n')}\n`);
  return file;
}

function runArgs(file: string, home: string, endpoint: Endpoint): string[] {
  const method = ['--method', 'self-consistency:n=5', '--concurrency', '8'];
  return ['run', file, '--model', endpoint.model, '--home', home, ...method];
}

/** The store as the kill left it; a copy, so that `resume` meets the very files. */
async function journalAsLeft(home: string): Promise<string[]> {
  const copy = join(temporaryFolder(), 'home');
  cpSync(home, copy, { recursive: true });
  return journaledKeys(copy);
}

test('kill -9 at 20 random moments: no journaled call is made again, and the scores are those of an undisturbed run', async () => {
  const folder = temporaryFolder();
  const file = questions(folder, 420);
  const latencyMs = (key: string): number => 2 + digitOf(`${key} latency`, 4);

  let dying: { kill(): void; after: number } | undefined;
  const endpoint = await startEndpoint({
    latencyMs,
    onRequest: (count) => {
      if (dying !== undefined && count >= dying.after) {
        dying.kill();
        dying = undefined;
      }
    },
  });
  const home = join(folder, 'killed');
  const journaledBefore: { readonly keys: ReadonlyMap<string, number>; readonly from: number }[] = [];
  let kills = 0;
  for (let round = 0; round < 20; round += 1) {
    const args = round === 0 ? runArgs(file, home, endpoint) : ['resume', 'last', '--home', home];
    const { child, end } = startCli([...args, '--json']);
    // Some at the first request, some amid a batch of answers, some a little later, amid the writing of a transaction.
    const later = digitOf(`delay ${round}`, 12);
    dying = {
      after: endpoint.seen.length + 1 + digitOf(`moment ${round}`, 150),
      kill: () => void setTimeout(() => child.kill('SIGKILL'), later),
    };
    const { signal, stderr } = await end;
    expect(signal, `round ${round} ended by itself: ${stderr}`).toBe('SIGKILL');
    dying = undefined;
    kills += 1;
    journaledBefore.push({ keys: countOf(await journalAsLeft(home)), from: endpoint.seen.length });
  }
  const resumed = await fettleJson<Scores>(['resume', 'last', '--home', home]);
  expect(resumed.code, resumed.stderr).toBe(0);
  expect(kills).toBe(20);

  const requests = endpoint.seen.map(({ key }) => key);
  for (const [kill, { keys, from }] of journaledBefore.entries()) {
    const again = [...new Set(requests.slice(from))].filter((key) => keys.has(key));
    expect(again, `journaled before kill ${kill}, and requested again`).toEqual([]);
  }
  const journal = await journaledKeys(home);
  expect(journal).toHaveLength(2100);
  expect(new Set(journal).size).toBe(2100);
  // In flight or not yet on disk at a kill: these, and only these, may be asked twice; 8 samples of 5 calls at most.
  const repeated = requests.length - new Set(requests).size;
  expect(repeated).toBeLessThanOrEqual(20 * 40);
  console.log(
    `${requests.length} requests for 2100 calls: ${repeated} were in flight at one of ${kills} kills and repeated`,
  );

  const calm = await startEndpoint({ latencyMs });
  const undisturbed = await fettleJson<Scores>(runArgs(file, join(folder, 'calm'), calm));
  expect(undisturbed.code, undisturbed.stderr).toBe(0);
  expect(calm.seen).toHaveLength(2100);
  expect(scoresOf(resumed.json)).toBe(scoresOf(undisturbed.json));
  expect(undisturbed.json.overall).toBeGreaterThan(0.2);
  expect(undisturbed.json.overall).toBeLessThan(0.5);
  const shown = await fettleJson<Scores>(['show', 'last', '--home', home]);
  expect(shown.json).toEqual(resumed.json);
}, 170_000);

test('the first Ctrl-C drains and says how to go on; resume completes', async () => {
  const folder = temporaryFolder();
  const home = join(folder, 'home');
  const endpoint = await startEndpoint({ latencyMs: () => 30 });
  const started = startCli([...runArgs(questions(folder, 60), home, endpoint), '--json']);
  while (endpoint.seen.length < 20) await new Promise((resolve) => setTimeout(resolve, 10));
  started.child.kill('SIGINT');
  const drained = await started.end;
  expect(drained.code, drained.stderr).toBe(1);
  expect(drained.stderr).toMatch(/press Ctrl-C again/);
  expect(drained.stderr).toMatch(/fettle resume \S+/);
  expect(() => JSON.parse(drained.stdout) as unknown).not.toThrow();
  // Drained: samples in flight were carried to their end, all five calls of each.
  const journal = await journaledKeys(home);
  expect(journal.length).toBe(endpoint.seen.length);
  expect(journal.length % 5).toBe(0);
  expect(journal.length).toBeLessThan(300);

  const resumed = await fettleJson(['resume', 'last', '--home', home]);
  expect(resumed.code, resumed.stderr).toBe(0);
  expect(endpoint.seen).toHaveLength(300);
});

test('a second Ctrl-C ends calls in flight; resume completes', async () => {
  const folder = temporaryFolder();
  const home = join(folder, 'home');
  let stalled = true;
  const endpoint = await startEndpoint({
    // From the 21st on no answer comes until the run is taken up again.
    latencyMs: () => (stalled && endpoint.seen.length > 20 ? 600_000 : 5),
  });
  const started = startCli(runArgs(questions(folder, 30), home, endpoint));
  while (endpoint.seen.length < 24) await new Promise((resolve) => setTimeout(resolve, 10));
  started.child.kill('SIGINT');
  await once(started.child.stderr as NodeJS.ReadableStream, 'data');
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(started.child.exitCode, 'calls in flight keep the first Ctrl-C waiting').toBeNull();
  started.child.kill('SIGINT');
  const stopped = await started.end;
  expect(stopped.code, stopped.stderr).toBe(1);
  expect(stopped.stderr).toMatch(/fettle resume \S+/);

  stalled = false;
  const before = new Set(await journaledKeys(home));
  const from = endpoint.seen.length;
  const resumed = await fettle(['resume', 'last', '--home', home]);
  expect(resumed.code, resumed.stderr).toBe(0);
  expect(endpoint.seen.slice(from).filter(({ key }) => before.has(key))).toEqual([]);
  expect(await journaledKeys(home)).toHaveLength(150);
});
