import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fettle, fettleJson, temporaryFolder } from '../support/cli.ts';
import { digitOf, startEndpoint } from '../support/endpoint.ts';
import { countOf, journaledKeys } from '../support/journal.ts';
import { ask, clientOf, holding, startServe, until } from './support.ts';

test('kill -9 at random moments: a client that sends the same requests again pays for no journaled call twice', async () => {
  const home = temporaryFolder();
  let dying: { kill(): void; after: number } | undefined;
  const endpoint = await startEndpoint({
    reply: ({ key }) => `<answer>${digitOf(key, 4)}</answer>`,
    latencyMs: (key) => 2 + digitOf(`${key} latency`, 6),
    onRequest(count) {
      if (dying === undefined || count < dying.after) return;
      dying.kill();
      dying = undefined;
    },
  });
  const args = ['--model', endpoint.model, '--method', 'self-consistency:n=5', '--concurrency', '8', '--home', home];
  const runs = new Set<string>();
  const answered = new Map<number, string | null>();
  const journaled: { readonly keys: ReadonlyMap<string, number>; readonly from: number }[] = [];
  const askAll = async (address: string): Promise<void> => {
    const client = clientOf(address);
    await Promise.all(
      Array.from({ length: 60 }, async (_, i) => {
        const request = { ...ask(`Question ${i}: a digit?`), seed: 1000 * i };
        const answer = await client.chat.completions.create(request).catch(() => undefined);
        if (answer === undefined) return;
        const text = answer.choices[0]?.message.content ?? null;
        if (answered.has(i)) expect(text).toBe(answered.get(i));
        answered.set(i, text);
      }),
    );
  };
  for (let round = 0; round < 4; round++) {
    const { address, run, child, end } = await startServe(args);
    runs.add(run);
    const later = digitOf(`delay ${round}`, 12);
    dying = {
      after: endpoint.seen.length + 1 + digitOf(`moment ${round}`, 60),
      kill: () => void setTimeout(() => child.kill('SIGKILL'), later),
    };
    await askAll(address);
    expect((await end).signal).toBe('SIGKILL');
    // A copy, so that the next start meets the very files.
    const copy = join(temporaryFolder(), 'home');
    cpSync(home, copy, { recursive: true });
    journaled.push({ keys: countOf(await journaledKeys(copy)), from: endpoint.seen.length });
  }
  const last = await startServe(args);
  runs.add(last.run);
  await askAll(last.address);
  expect(answered.size).toBe(60);
  expect(runs.size).toBe(1);
  const requests = endpoint.seen.map(({ key }) => key);
  for (const [kill, { keys, from }] of journaled.entries()) {
    const again = [...new Set(requests.slice(from))].filter((key) => keys.has(key));
    expect(again, `journaled before kill ${kill}, and requested again`).toEqual([]);
  }
  last.child.kill('SIGINT');
  expect((await last.end).code).toBe(0);
  const journal = await journaledKeys(home);
  expect([journal.length, new Set(journal).size]).toEqual([300, 300]);
  const { json } = await fettleJson<{ state: string; completed: number }[]>(['runs', '--home', home]);
  expect(json).toMatchObject([{ id: last.run, state: 'completed', completed: 60, failed: 0 }]);
});

test('an answer’s id finds its trace with fettle show, while it is served and after', async () => {
  const home = temporaryFolder();
  const args = ['--model', 'test:hash', '--method', 'self-consistency:n=3', '--home', home];
  const { address, run, model, child, end } = await startServe(args);
  expect(model).toBe('self-consistency');
  const { id } = await clientOf(address).chat.completions.create({ ...ask('A digit?'), n: 2, seed: 4 });
  await expect.poll(async () => (await fettle(['show', run, id, '--home', home])).code, { timeout: 20_000 }).toBe(0);
  expect((await fettle(['show', run, '--home', home])).stdout).toContain('served/self-consistency');
  child.kill('SIGTERM');
  expect((await end).code).toBe(0);
  const words = ['show', run, id, '--epoch', '2', '--home', home];
  const shown = await fettleJson<{ trace: { type: string }[]; calls: unknown[]; epoch: number }>(words);
  expect(shown.json.trace.map(({ type }) => type)).toEqual(['path', 'path', 'path', 'vote']);
  expect(shown.json).toMatchObject({ epoch: 2, calls: [{}, {}, {}] });
  const resumed = await fettle(['resume', run, '--home', home]);
  expect([resumed.code, resumed.stderr]).toEqual([2, expect.stringContaining('fettle serve')]);
});

test('the first interrupt lets answers in progress end and takes nothing new, the second ends them', async () => {
  const upstream = holding();
  const endpoint = await startEndpoint({
    handle: ({ prompt }, response) => !prompt.includes('quick') && upstream.hold(response),
  });
  const args = ['--model', endpoint.model, '--home', temporaryFolder()];
  const first = await startServe(args);
  const client = clientOf(first.address);
  const slow = client.chat.completions.create(ask('slow'));
  await until(() => upstream.open.size === 1);
  first.child.kill('SIGINT');
  await expect
    .poll(async () =>
      client.chat.completions.create(ask('quick')).then(
        () => 'answered',
        () => 'refused',
      ),
    )
    .toBe('refused');
  for (const response of upstream.open) {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify({ choices: [{ message: { role: 'assistant', content: 'done' }, finish_reason: 'stop' }] }),
    );
  }
  expect((await slow).choices[0]?.message.content).toBe('done');
  expect((await first.end).code).toBe(0);

  const second = await startServe(args);
  const cut = clientOf(second.address)
    .chat.completions.create(ask('slow'))
    .catch((error: unknown) => error);
  await until(() => upstream.open.size === 1);
  second.child.kill('SIGINT');
  await expect
    .poll(() =>
      fetch(new URL('/health', second.address)).then(
        () => 'up',
        () => 'down',
      ),
    )
    .toBe('down');
  second.child.kill('SIGINT');
  expect(await cut).toMatchObject({ status: 503, code: 'shutting_down' });
  expect((await second.end).code).toBe(0);
});

test('a port in use, a wrong method, a missing verifier and a missing token are said before anything is served', async () => {
  const home = temporaryFolder();
  const { address } = await startServe(['--model', 'test:echo', '--home', home]);
  const { port } = new URL(address);
  const said = async (...args: string[]): Promise<unknown> => {
    const end = await fettleJson<{ error: { code: string } }>([
      'serve',
      '--model',
      'test:echo',
      '--home',
      home,
      ...args,
    ]);
    return [end.code, end.json.error.code];
  };
  expect(await said('--port', port)).toEqual([2, 'port-in-use']);
  expect(await said('--port', '70000')).toEqual([2, 'usage']);
  expect(await said('--method', 'no-such')).toEqual([2, 'usage']);
  expect(await said('--method', 'stepco:verify=prm')).toEqual([2, 'role-missing']);
  expect(await said('--host', '0.0.0.0')).toEqual([2, 'token-missing']);
  expect(await said('--token-env', 'NOT_SET')).toEqual([2, 'token-missing']);
  expect((await fettleJson<unknown[]>(['runs', '--home', home])).json).toHaveLength(1);
});

test('a token of the environment is asked for, and never shown', async () => {
  const token = 'token-0123456789-abcdef';
  const args = ['--model', 'test:echo', '--home', temporaryFolder(), '--token-env', 'MY_TOKEN'];
  const { address, child, end } = await startServe(args, { MY_TOKEN: token });
  expect((await clientOf(address, token).chat.completions.create(ask('x'))).choices).toHaveLength(1);
  await expect(clientOf(address).chat.completions.create(ask('x'))).rejects.toMatchObject({ status: 401 });
  child.kill('SIGINT');
  const { stdout, stderr } = await end;
  expect(stdout + stderr).not.toContain(token);
  expect(stderr).toContain('invalid_api_key');
});
