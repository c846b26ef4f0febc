import { describe, expect, it } from 'vitest';
import { fakeEngine, fakeVariables, smallJob } from '../testing/fake-engine.ts';
import { runDistributed } from './distributed.ts';

const run = (mode: string, processes: number, options: Parameters<typeof runDistributed>[2] = {}) =>
  runDistributed(smallJob, processes, { engine: fakeEngine, variables: fakeVariables(mode), ...options });

describe('runDistributed', () => {
  it('starts the launcher for several processes, and gives the job as a file', async () => {
    let words = '';
    const outcome = await run('well', 2, {
      onEvent(event) {
        if (event.event === 'ready') words = event.versions['arguments'] ?? '';
      },
    });
    expect(outcome).toMatchObject({ kind: 'done', summary: { steps: 3, keep: 2 } });
    expect(words).toMatch(
      /^-m torch\.distributed\.run --standalone --nproc-per-node=2 -m fettle_engine run --job \S+job\.json$/,
    );
  });

  it('stops with a checkpoint on SIGTERM when aborted', async () => {
    const controller = new AbortController();
    const outcome = await run('stop-on-sigterm', 1, {
      signal: controller.signal,
      onEvent: (event) => event.event === 'checkpoint' && controller.abort(),
    });
    expect(outcome).toEqual({ kind: 'stopped', step: 2, checkpoint: '/checkpoints/step-2', forced: false });
  });

  it('tells of errors and deaths as one process does', async () => {
    await expect(run('error', 2)).rejects.toMatchObject({ code: 'engine-out-of-memory' });
    await expect(run('killed', 2)).rejects.toMatchObject({ code: 'engine-died' });
    await expect(run('garbage', 2)).rejects.toMatchObject({ code: 'engine-protocol' });
    await expect(run('well', 0)).rejects.toMatchObject({ exitCode: 2 });
  });
});
