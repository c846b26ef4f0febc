import { createHash } from 'node:crypto';
import type { CallRecord, RunRecord, SampleResult, Store } from '../../src/core/index.ts';
import { makeResult, shopBenchmark, shopResults, shopTasks } from '../../src/report/__fixtures__/results.ts';
import { summarize, type Summary } from '../../src/report/index.ts';

/** A picture of one red point. */
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC',
  'base64',
);
const pngHash = createHash('sha256').update(png).digest('hex');

/** Results that an export must not stumble over: odd ids, halves of characters, pictures, failures, no value. */
export const awkwardResults: readonly SampleResult[] = [
  makeResult({
    task: 'odd/ids',
    index: 9000,
    sampleId: 'a/b_epoch_1\u0000\\c',
    answer: { text: 'NUL \u0000 and half \ud83d' },
  }),
  makeResult({
    task: 'odd/ids',
    index: 9001,
    sampleId: '日本語 "quoted" %2F',
    score: { value: 0.5, counts: { tp: 1, fp: 0, fn: 2 } },
  }),
  makeResult({
    task: 'odd/ids',
    index: 9002,
    sampleId: 'x'.repeat(5000),
    score: { value: null, reason: 'encoder missing' },
  }),
  makeResult({
    task: 'odd/ids',
    index: 9003,
    sampleId: 'picture',
    group: 'set 1',
    input: [
      { role: 'system', content: 'Answer in one word.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Which colour?' },
          { type: 'image', sha256: pngHash, mediaType: 'image/png', detail: 'low' },
          { type: 'image', sha256: 'f'.repeat(64), mediaType: 'image/png' },
        ],
      },
    ],
    target: ['red', 'crimson'],
    trace: [{ type: 'vote', votes: ['red', 'red', 'blue'] }],
  }),
  makeResult({ task: 'odd/ids', index: 9004, epoch: 1, sampleId: 'twice', score: { value: 1 } }),
  makeResult({ task: 'odd/ids', index: 9004, epoch: 2, sampleId: 'twice', score: { value: 0, parsed: false } }),
  makeResult({
    task: 'odd/ids',
    index: 9005,
    sampleId: 'failed',
    status: 'failed',
    answer: null,
    scores: {},
    error: { code: 'model-unreachable', message: '=cmd|calc no answer in 60 s', hint: 'Resume the run.' },
  }),
];

/** A whole run in a store, with a journal of calls. */
export async function storeRun(
  store: Store,
): Promise<{ readonly run: RunRecord; readonly summary: Summary; readonly results: SampleResult[] }> {
  const results = [...shopResults({ seed: 'export', skill: 0.6, perTask: 8 }), ...awkwardResults];
  const createdAt = 1_780_000_000_000;
  const hashes = { data: 'a'.repeat(64), prompts: 'b'.repeat(64), code: 'c'.repeat(64) };
  const models = { main: 'local:tiny/model', judge: 'openai:some-judge' };
  const summary = await summarize({
    benchmark: shopBenchmark,
    mode: 'strict',
    tasks: shopTasks,
    results,
    includeSamples: true,
    run: { id: '20260601-120000-abcd', models, method: 'direct', seed: 7, createdAt, hashes },
  });
  const run: RunRecord = {
    id: '20260601-120000-abcd',
    benchmark: shopBenchmark.name,
    mode: 'strict',
    state: 'completed',
    createdAt,
    updatedAt: createdAt + 90_000,
    config: {},
    hashes,
    total: results.length,
    completed: results.filter((result) => result.status === 'completed').length,
    failed: results.filter((result) => result.status === 'failed').length,
    summary: JSON.parse(JSON.stringify(summary)),
  };
  await store.createRun(run);
  await store.putBlob({ sha256: pngHash, mediaType: 'image/png', bytes: png });
  for (const result of results) {
    for (const call of callsOf(result)) await store.appendCall(run.id, call);
    await store.saveResult(run.id, result);
  }
  return { run, summary, results };
}

function callsOf(result: SampleResult): CallRecord[] {
  const base = {
    task: result.task,
    sampleId: result.sampleId,
    epoch: result.epoch,
    cacheKey: null,
    model: 'local:tiny/model',
    attempts: 1,
    startedAt: result.startedAt + 1,
    latencyMs: 80,
  };
  const key = (n: number) =>
    createHash('sha256').update(`${result.task}/${result.sampleId}/${result.epoch}/${n}`).digest('hex');
  const text = result.answer?.text ?? '';
  return [
    {
      ...base,
      key: key(0),
      position: 0,
      role: 'main',
      kind: 'generate',
      request: JSON.stringify({ messages: result.input, maxTokens: 8, temperature: 0, seed: 7, stop: ['\n'] }),
      response: JSON.stringify({
        text,
        finishReason: 'length',
        usage: { inputTokens: 40, outputTokens: 3 },
        reasoning: 'hm',
      }),
      inputTokens: 40,
      outputTokens: 3,
    },
    {
      ...base,
      key: key(1),
      position: 1,
      role: 'judge',
      kind: 'loglikelihood',
      attempts: 3,
      request: JSON.stringify({ messages: result.input, continuations: ['0', '1'] }),
      response: JSON.stringify({
        continuations: [
          { logprob: -0.1, tokens: 1 },
          { logprob: -2.5, tokens: 1 },
        ],
        usage: {},
      }),
      inputTokens: 40,
      outputTokens: 0,
    },
  ];
}
