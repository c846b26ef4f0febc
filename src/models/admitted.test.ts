import { expect, it } from 'vitest';
import { createTestModel } from './test-model.ts';
import { createLimiter } from './limiter.ts';
import { systemClock } from './clock.ts';
import { limited } from './wrap-endpoint.ts';

it('tells a call when it has its place, not while it waits in line', async () => {
  const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let asked = 0;
  const slow = {
    ...createTestModel('echo'),
    async generate() {
      await gates[asked++]?.promise;
      return { text: '', finishReason: 'stop' as const, usage: {} };
    },
  };
  const model = limited(slow, { limiter: createLimiter({ max: 1, start: 1, clock: systemClock }) });
  const admitted: number[] = [];
  const calls = [0, 1].map((i) => model.generate({ messages: [] }, { onAdmitted: () => void admitted.push(i) }));
  await new Promise((resolve) => void setTimeout(resolve, 5));
  expect(admitted).toEqual([0]);
  gates[0]?.resolve();
  await calls[0];
  await new Promise((resolve) => void setTimeout(resolve, 5));
  expect(admitted).toEqual([0, 1]);
  gates[1]?.resolve();
  await Promise.all(calls);
});
