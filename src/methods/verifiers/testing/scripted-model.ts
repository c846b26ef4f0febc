// One scripted model in a method's context, for tests of verifiers.
import {
  type ClassifyRequest,
  createRandom,
  type GenerateRequest,
  type GenerateResponse,
  type LoglikelihoodRequest,
  messageText,
  type MethodContext,
  type Model,
  type Sample,
  type TokenLogprob,
  type TraceStep,
} from '../../../core/index.ts';

export const sample: Sample = { id: 's', input: [{ role: 'user', content: 'Two and three, doubled?' }], target: '10' };
export const steps = ['2 + 3 = 5', '5 * 2 = 10', '<ans>10</ans>'];

export interface Asked {
  readonly generate: GenerateRequest[];
  readonly texts: LoglikelihoodRequest[];
  readonly pairs: ClassifyRequest[];
}

/** What the scripted model answers; what is left out it cannot do. */
export interface World {
  readonly reply?: (request: GenerateRequest) => Partial<GenerateResponse>;
  readonly logprob?: (prompt: string, continuation: string) => number;
  readonly classes?: { readonly rows: (text: string) => readonly number[]; readonly labels?: readonly string[] };
}

export function world({ reply, logprob, classes }: World) {
  const asked: Asked = { generate: [], texts: [], pairs: [] };
  const trace: TraceStep[] = [];
  const main: Model = {
    id: 'm',
    identity: 'm',
    endpoint: 'm',
    async generate(request) {
      asked.generate.push(request);
      return { text: '', finishReason: 'stop', usage: {}, ...reply?.(request) };
    },
    ...(logprob && {
      loglikelihood: async (request: LoglikelihoodRequest) => {
        asked.texts.push(request);
        const prompt = request.messages.map(messageText).join('\n');
        return {
          continuations: request.continuations.map((text) => ({ logprob: logprob(prompt, text), tokens: 1 })),
          usage: {},
        };
      },
    }),
    ...(classes && {
      classify: async (request: ClassifyRequest) => {
        asked.pairs.push(request);
        const { rows, labels } = classes;
        return {
          probabilities: request.pairs.map(({ text, second = '' }) => rows(text + second)),
          ...(labels && { labels }),
          usage: {},
        };
      },
    }),
  };
  const context: MethodContext = {
    models: { main },
    random: createRandom('x'),
    settings: { temperature: 0, seed: 3, maxTokens: 100 },
    extract: (text) => /\d+/.exec(text)?.[0] ?? null,
    trace: (step) => void trace.push(step),
    signal: new AbortController().signal,
  };
  return { asked, context, trace };
}

/** A token of a reply with its alternatives, by probability. */
export const token = (text: string, p: number, top: Record<string, number> = {}): TokenLogprob => ({
  token: text,
  logprob: Math.log(p),
  top: Object.entries(top).map(([other, share]) => ({ token: other, logprob: Math.log(share) })),
});
