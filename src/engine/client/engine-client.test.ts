import { describe, expect, it } from 'vitest';
import type { EngineEvent } from '../protocol/index.ts';
import { fakeEngine, fakeVariables, smallJob } from '../testing/fake-engine.ts';
import { type EngineClient, startEngine, type StartEngineOptions } from './engine-client.ts';

async function withFake<T>(
  mode: string,
  use: (client: EngineClient) => Promise<T>,
  options: StartEngineOptions = {},
): Promise<T> {
  await using client = await startEngine({ engine: fakeEngine, variables: fakeVariables(mode), ...options });
  return await use(client);
}

const run = (mode: string): Promise<unknown> => withFake(mode, (client) => client.run(smallJob));

describe('startEngine', () => {
  it('trains, passes events on, and fills in the defaults of the job', async () => {
    const events: EngineEvent[] = [];
    const outcome = await withFake('well', (client) =>
      client.run(smallJob, { onEvent: (event) => events.push(event) }),
    );
    expect(outcome).toMatchObject({ kind: 'done', summary: { steps: 3, keep: 2 }, artifacts: [{ kind: 'model' }] });
    expect(events.map((event) => event.event)).toEqual([
      'phase',
      'progress',
      'progress',
      'checkpoint',
      'progress',
      'artifact',
      'done',
    ]);
  });

  it('answers requests, several at once, with long lines', async () => {
    const prompt = { messages: [{ role: 'user' as const, content: 'hello' }] };
    const [first, second] = await withFake('well', (client) =>
      Promise.all([
        client.request({ op: 'generate', model: 'm', prompts: [{ ...prompt, maxTokens: 3 }] }),
        client.request({ op: 'generate', model: 'm', prompts: [prompt] }),
      ]),
    );
    expect(first['outputs']).toEqual([3]);
    expect(second['outputs']).toEqual([256]);
    expect(second['long']).toBe('é'.repeat(1e6));
  });

  it('keeps keys from the engine, and stays off the network unless allowed', async () => {
    const variables = fakeVariables('well', { OPENAI_API_KEY: 'k', HF_TOKEN: 't', PYTHONPATH: '/elsewhere' });
    const load = (client: EngineClient) => client.request({ op: 'load', model: '/m' });
    const closed = await withFake('well', load, { variables });
    expect(closed['variables']).toMatchObject({
      OPENAI_API_KEY: null,
      HF_TOKEN: null,
      HF_HUB_OFFLINE: '1',
      PYTHONSAFEPATH: '1',
      CUBLAS_WORKSPACE_CONFIG: null,
    });
    expect(JSON.stringify(closed)).not.toContain('elsewhere');
    const open = await withFake('well', load, { variables, allowHub: true, deterministic: true });
    expect(open['variables']).toMatchObject({
      HF_TOKEN: 't',
      HF_HUB_OFFLINE: null,
      CUBLAS_WORKSPACE_CONFIG: ':4096:8',
    });
  });

  it('turns an error of the engine into a FettleError with its words', async () => {
    await expect(run('error')).rejects.toMatchObject({
      name: 'FettleError',
      code: 'engine-out-of-memory',
      message: 'Memory ran out: 3 GiB',
      hint: 'Take smaller batches.',
      where: 'step 3',
      cause: { details: { peakBytes: 1 } },
    });
  });

  it('says how and when the engine died, and what that means', async () => {
    const killed = run('killed');
    await expect(killed).rejects.toMatchObject({ code: 'engine-died', hint: expect.stringContaining('memory') });
    await expect(killed).rejects.toThrow(/by signal SIGKILL after step 2 of 10/);
    await expect(run('exit-137')).rejects.toMatchObject({
      code: 'engine-died',
      hint: expect.stringContaining('memory'),
    });
    const crash = run('crash');
    await expect(crash).rejects.toThrow(/with exit code 1 [^]*No module named "peft"/);
    await expect(crash).rejects.toMatchObject({ hint: expect.stringContaining('fettle engine setup --force') });
  });

  it.each([
    ['garbage', /not JSON: "Loading checkpoint shards/],
    ['unknown-event', /does not fit the protocol/],
    ['gap', /lost events: number 7 came where 5 was due/],
  ])('refuses what is not the protocol: %s', async (mode, words) => {
    const failed = run(mode);
    await expect(failed).rejects.toMatchObject({ code: 'engine-protocol' });
    await expect(failed).rejects.toThrow(words);
  });

  it('refuses a job that does not fit the protocol before the engine sees it', async () => {
    const wrong = { ...smallJob, steps: 0 };
    await expect(withFake('well', (client) => client.run(wrong))).rejects.toMatchObject({
      code: 'engine-job',
      where: 'job.steps',
      exitCode: 2,
    });
  });

  it('stops training with a checkpoint when aborted', async () => {
    const controller = new AbortController();
    const outcome = await withFake('cancel', (client) =>
      client.run(smallJob, {
        signal: controller.signal,
        onEvent: (event) => event.event === 'checkpoint' && controller.abort(),
      }),
    );
    expect(outcome).toEqual({ kind: 'stopped', step: 2, checkpoint: '/checkpoints/step-2', forced: false });
  });

  it('kills an engine that neither cancels nor heeds SIGTERM', async () => {
    const controller = new AbortController();
    const outcome = await withFake(
      'hang',
      (client) =>
        client.run(smallJob, {
          signal: controller.signal,
          onEvent: (event) => event.event === 'checkpoint' && controller.abort(),
        }),
      { cancelMs: 50, termMs: 50 },
    );
    expect(outcome).toEqual({
      kind: 'stopped',
      step: 2,
      checkpoint: '/nowhere/checkpoints/step-2',
      forced: true,
    });
  });

  it('lets go of an aborted request at once', async () => {
    await withFake('slow', async (client) => {
      const controller = new AbortController();
      const prompts = [{ messages: [{ role: 'user' as const, content: 'hello' }] }];
      const answer = client.request({ op: 'generate', model: 'm', prompts }, { signal: controller.signal });
      controller.abort();
      await expect(answer).rejects.toMatchObject({ name: 'AbortError' });
      expect(await client.request({ op: 'load', model: 'm' })).toHaveProperty('variables');
    });
  });

  it('tells of an engine that does not start, or never gets ready', async () => {
    await expect(run('no-start')).rejects.toThrow(/exit code 1 before it was ready[^]*No module named fettle_engine/);
    await expect(
      startEngine({ engine: fakeEngine, variables: fakeVariables('silent'), startTimeoutMs: 100 }),
    ).rejects.toMatchObject({ code: 'engine-start' });
    await expect(startEngine({ engine: { ...fakeEngine, python: '/no/such/python' } })).rejects.toMatchObject({
      code: 'engine-start',
      message: expect.stringContaining('/no/such/python'),
    });
  });

  it('keeps the last 64 KiB of the log, and refuses work after close', async () => {
    const client = await startEngine({ engine: fakeEngine, variables: fakeVariables('well') });
    await client.request({ op: 'load', model: 'm' });
    expect(client.stderr().length).toBe(64 * 1024);
    await client.close();
    await client.close();
    await expect(client.run(smallJob)).rejects.toMatchObject({ code: 'engine-closed' });
  });
});
