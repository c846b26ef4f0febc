import { hash } from 'node:crypto';
import type { CallRecord, RunRecord, SampleResult } from '../../core/index.ts';

export function runRecord(id: string, change: Partial<RunRecord> = {}): RunRecord {
  return {
    id,
    benchmark: 'own',
    mode: 'strict',
    state: 'running',
    createdAt: 1_700_000_000_000,
    updatedAt: 1_700_000_000_000,
    config: { seed: 1 },
    hashes: { data: 'd', code: 'c' },
    completed: 0,
    failed: 0,
    ...change,
  };
}

export function callRecord(number: number, change: Partial<CallRecord> = {}): CallRecord {
  const request = JSON.stringify({ messages: messagesOf(number), temperature: 0 });
  return {
    task: 'task',
    sampleId: `sample-${number}`,
    epoch: 1,
    key: hash('sha256', `key ${number}`),
    cacheKey: hash('sha256', request),
    position: 0,
    role: 'main',
    kind: 'generate',
    model: 'test:model',
    request,
    response: JSON.stringify({ text: `answer ${number}`, finishReason: 'stop', usage: {} }),
    inputTokens: 10,
    outputTokens: 5,
    attempts: 1,
    startedAt: 1_700_000_000_000 + number,
    latencyMs: 12.5,
    ...change,
  };
}

export function sampleResult(number: number, change: Partial<SampleResult> = {}): SampleResult {
  return {
    task: 'task',
    sampleId: `sample-${number}`,
    epoch: 1,
    index: number,
    status: 'completed',
    input: messagesOf(number),
    target: 'A',
    labels: { skill: 'reading' },
    answer: { text: `answer ${number}` },
    scores: { accuracy: { value: 1, parsed: true } },
    usage: { inputTokens: 10, outputTokens: 5, calls: 1, wastedCalls: 0, replayedCalls: 0 },
    trace: [],
    startedAt: 1_700_000_000_000 + number,
    durationMs: 20.25,
    ...change,
  };
}

export function messagesOf(number: number): { role: 'user'; content: string }[] {
  return [{ role: 'user', content: `Question ${number}: which of these is written by us for this test alone?` }];
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}
