#!/usr/bin/env node
// Stands for a Python whose engine fails on purpose, for tests of what the provider does then: FAILS names how.
import { appendFileSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';

const how = process.env.FAILS ?? '';
let seq = 0;
const emit = (id, event, fields) =>
  writeSync(1, `${JSON.stringify({ v: 1, id, seq: seq++, t: 0, event, ...fields })}\n`);
appendFileSync(process.env.STARTS ?? '', 'start\n');
emit(null, 'ready', { versions: { torch: '0', transformers: '0' }, device: 'cpu', devices: [], processes: 1 });

const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  const request = JSON.parse(line);
  const answer = (result) => emit(request.id, 'result', { result });
  if (request.op === 'inspect') {
    answer({ kind: 'language', device: 'cpu', dtype: 'fp32', folder: request.model, commit: null });
  } else if (request.op === 'load') {
    appendFileSync(process.env.STARTS ?? '', 'load\n');
    if (how !== 'load') return answer({});
    const words = { code: 'out_of_memory', message: 'No room for weights', hint: 'Take a smaller model', details: {} };
    emit(request.id, 'error', { ...words, retryable: false });
  } else if (request.op === 'generate') {
    if (request.prompts.some((prompt) => prompt.messages[0].content === 'die')) {
      writeSync(2, 'terminate called: the last words\n');
      process.exit(134);
    }
    if (how === 'memory' && request.prompts.length > 2) {
      const words = { code: 'out_of_memory', message: 'Too many at once', hint: 'Ask less', details: {} };
      return emit(request.id, 'error', { ...words, retryable: false });
    }
    answer({
      outputs: request.prompts.map((prompt) => ({
        text: `${request.prompts.length}: ${prompt.messages[0].content}`,
        finishReason: 'stop',
        inputTokens: 1,
        outputTokens: 1,
      })),
    });
  } else {
    answer({});
    if (request.op === 'shutdown') process.exit(0);
  }
});
lines.on('close', () => process.exit(0));
