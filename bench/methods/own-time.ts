// One method alone: no endpoint, no journal, models of the script that answer after a timer.
import {
  createRandom,
  type GenerateRequest,
  type GenerateResponse,
  type MethodContext,
  type Model,
  type Sample,
  type TraceStep,
} from '../../src/core/index.ts';
import { createMethod } from '../../src/methods/index.ts';
// @ts-expect-error a plain module that the endpoint's process shares
import { answer } from './script.mjs';

export interface OwnTime {
  readonly calls: number;
  readonly verifierCalls: number;
  /** Steps that scores were needed for, over all paths or rounds. */
  readonly stepsScored: number;
  /** Mean time a question had no call on its way, while all questions were in flight. Milliseconds. */
  readonly ownMs: number;
  /** Mean time a question had a call on its way. Milliseconds. */
  readonly modelMs: number;
  readonly cpuMs: number;
}

interface ScriptedChoice {
  readonly message: { readonly content: string };
  readonly logprobs?: {
    readonly content: readonly { token: string; logprob: number; top_logprobs: { token: string; logprob: number }[] }[];
  };
}

function responseOf(model: string, request: GenerateRequest): GenerateResponse {
  const { message, logprobs } = answer({ model, messages: request.messages, seed: request.seed }) as ScriptedChoice;
  return {
    text: message.content,
    finishReason: 'stop',
    usage: { inputTokens: 100, outputTokens: 90 },
    ...(logprobs && {
      logprobs: logprobs.content.map(({ token, logprob, top_logprobs: top }) => ({ token, logprob, top })),
    }),
  };
}

export async function ownTime(spec: string, questions: number, latencyMs: number): Promise<OwnTime> {
  const method = createMethod(spec);
  let [calls, verifierCalls, stepsScored, own, model] = [0, 0, 0, 0, 0];
  const one = async (i: number): Promise<void> => {
    let [running, since, waited] = [0, 0, 0];
    const scripted = (name: string): Model => ({
      id: name,
      identity: name,
      endpoint: name,
      async generate(request) {
        calls += 1;
        if (name === 'judge') verifierCalls += 1;
        if (running++ === 0) since = performance.now();
        await new Promise((resolve) => void setTimeout(resolve, latencyMs));
        const response = responseOf(name, request);
        if (--running === 0) waited += performance.now() - since;
        return response;
      },
    });
    const sample: Sample = {
      id: String(i),
      input: [{ role: 'user', content: `Question ${i}: how many?` }],
      target: '1',
    };
    const context: MethodContext = {
      models: { main: scripted('solver'), verifier: scripted('judge') },
      random: createRandom(String(i)),
      settings: { seed: 0 },
      extract: (text) => /<ans>(\d+)<\/ans>/.exec(text)?.[1] ?? null,
      trace: (step) => void (stepsScored += scoredIn(step)),
      signal: new AbortController().signal,
    };
    const begin = performance.now();
    await method.solve(sample, context);
    own += performance.now() - begin - waited;
    model += waited;
  };
  // Code is compiled before it is timed.
  await Promise.all(Array.from({ length: 20 }, (_, i) => one(-1 - i)));
  [calls, verifierCalls, stepsScored, own, model] = [0, 0, 0, 0, 0];
  const cpu = process.cpuUsage();
  await Promise.all(Array.from({ length: questions }, (_, i) => one(i)));
  const { user, system } = process.cpuUsage(cpu);
  return {
    calls,
    verifierCalls,
    stepsScored,
    ownMs: own / questions,
    modelMs: model / questions,
    cpuMs: (user + system) / 1000,
  };
}

/** Paths list their scores, rounds their steps with one each. */
function scoredIn(step: TraceStep): number {
  if (step.type === 'path') return Array.isArray(step['scores']) ? step['scores'].length : 0;
  return step.type === 'round' && Array.isArray(step['steps']) ? step['steps'].length : 0;
}
