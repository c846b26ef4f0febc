// The method amid a run that is killed: journaled calls are never made again, and the answers are those of a calm run.
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fettleJson, startCli, temporaryFolder } from '../support/cli.ts';
import { type ChatRequest, digitOf, type Endpoint, startEndpoint } from '../support/endpoint.ts';
import { countOf, journaledKeys } from '../support/journal.ts';

interface Shown {
  readonly overall: number;
  readonly samples: unknown;
}

/** Solutions of three steps; those asked for again mend the answer more often than not. */
function reply({ key, prompt, seed }: ChatRequest): string {
  if (prompt.includes('Go on from here')) return `<ans>${digitOf(`${key} end`, 3)}</ans>`;
  const first = Number(/write the solution again from step (\d)/.exec(prompt)?.[1] ?? 1);
  const steps = Array.from({ length: 4 - first }, (_, i) => {
    const number = first + i;
    return `<Step ${number}> ${number} and ${digitOf(`${key} ${number} ${seed ?? ''}`, 50)} </Step ${number}>`;
  });
  return `${steps.join('\n')}\n<ans>${digitOf(key, 3)}</ans>`;
}

function runArgs(file: string, home: string, endpoint: Endpoint): string[] {
  const method = ['--method', 'stepco:verify=rollouts,rollouts=3,rounds=3,theta=0.4', '--concurrency', '6'];
  return ['run', file, '--model', endpoint.model, '--home', home, '--scorer', 'exact', ...method];
}

test('kill -9 amid rounds: no journaled call is made again, and the scores are those of a calm run', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'questions.jsonl');
  const rows = Array.from({ length: 24 }, (_, i) =>
    JSON.stringify({ id: `q-${i}`, input: `Sample q-${i}: name a digit below three.`, target: String(i % 3) }),
  );
  writeFileSync(file, `${rows.join('\n')}\n`);
  const latencyMs = (key: string): number => 2 + digitOf(`${key} latency`, 6);

  let dying: { kill(): void; after: number } | undefined;
  const endpoint = await startEndpoint({
    reply,
    latencyMs,
    onRequest: (count) => {
      if (dying === undefined || count < dying.after) return;
      dying.kill();
      dying = undefined;
    },
  });
  const home = join(folder, 'killed');
  const journaled: { readonly keys: ReadonlyMap<string, number>; readonly from: number }[] = [];
  for (let round = 0; round < 4; round += 1) {
    const args = round === 0 ? runArgs(file, home, endpoint) : ['resume', 'last', '--home', home];
    const { child, end } = startCli([...args, '--json']);
    dying = {
      after: endpoint.seen.length + 20 + digitOf(`moment ${round}`, 60),
      kill: () => void child.kill('SIGKILL'),
    };
    const { signal, stderr } = await end;
    expect(signal, `round ${round} ended by itself: ${stderr}`).toBe('SIGKILL');
    dying = undefined;
    const copy = join(temporaryFolder(), 'home');
    cpSync(home, copy, { recursive: true });
    journaled.push({ keys: countOf(await journaledKeys(copy)), from: endpoint.seen.length });
  }
  const resumed = await fettleJson<Shown>(['resume', 'last', '--home', home]);
  expect(resumed.code, resumed.stderr).toBe(0);
  const requests = endpoint.seen.map(({ key }) => key);
  expect(journaled.at(-1)?.keys.size).toBeGreaterThan(20);
  for (const [kill, { keys, from }] of journaled.entries()) {
    const again = [...new Set(requests.slice(from))].filter((key) => keys.has(key));
    expect(again, `journaled before kill ${kill}, and requested again`).toEqual([]);
  }

  const calm = await startEndpoint({ reply, latencyMs });
  const undisturbed = await fettleJson<Shown>(runArgs(file, join(folder, 'calm'), calm));
  expect(undisturbed.code, undisturbed.stderr).toBe(0);
  expect(await journaledKeys(home)).toHaveLength(calm.seen.length);
  expect(resumed.json.samples).toEqual(undisturbed.json.samples);
  expect(resumed.json.overall).toBe(undisturbed.json.overall);
  expect(undisturbed.json.overall).toBeGreaterThan(0.1);
  expect(undisturbed.json.overall).toBeLessThan(0.9);
}, 120_000);
