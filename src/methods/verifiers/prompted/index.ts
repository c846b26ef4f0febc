import { FettleError, type Message, type MethodContext, type Model } from '../../../core/index.ts';
import type { VerifierOptions } from '../options.ts';
import { cachedScores } from '../prefix-cache.ts';
import type { StepVerifier } from '../step-verifier.ts';
import { lacking, twoWay, verifyingModel } from '../verifying-model.ts';
import { readVerdict } from './read-verdict.ts';
import { verdictPrompt, verdicts } from './verdict-prompt.ts';

/** As many alternatives as common endpoints report, and room for a sign or a line break before the word. */
const verdictSettings = { maxTokens: 4, temperature: 0, logprobs: 20 } as const;

/**
 * A model asked in words whether the reasoning is right so far: P(correct) / (P(correct) + P(wrong)), read from the
 * log-probabilities of its reply, each summed over spellings. Where it reports none, both words are scored as replies.
 * A model that reports log-probabilities and says neither word gives 0.5, which the trace notes.
 */
export function createPromptedVerifier({ read }: Pick<VerifierOptions, 'read'>): StepVerifier {
  // Learnt from the first reply: an endpoint that reports none will not report any for the next prefix.
  const silent = new Set<string>();
  const probability = async (messages: Message[], context: MethodContext): Promise<number> => {
    const model = verifyingModel(context);
    if (read !== 'loglikelihood' && !silent.has(model.id)) {
      const found = await fromReply(model, messages);
      if (typeof found === 'number') return found;
      if (found === 'no word' && model.loglikelihood === undefined) {
        context.trace({
          type: 'verifier-note',
          note: `${model.id} says neither ${verdicts.right} nor ${verdicts.wrong}`,
        });
        return 0.5;
      }
      if (found === 'no logprobs') silent.add(model.id);
      if (found === 'no logprobs' && read === 'logprobs') throw noLogprobs(model);
    }
    return fromTexts(model, messages, read);
  };
  const score = cachedScores((prefixes, sample, context) =>
    prefixes.map((steps) => probability(verdictPrompt(sample, steps), context)),
  );
  return { name: 'prompted', options: { verify: 'prompted', read }, score };
}

async function fromReply(model: Model, messages: Message[]): Promise<number | 'no logprobs' | 'no word'> {
  const response = await model.generate({ ...verdictSettings, messages }).catch((error: unknown) => {
    // Some endpoints refuse the field instead of leaving it out of the answer.
    if (FettleError.isInstance(error) && /logprob/i.test(error.message)) return undefined;
    throw error;
  });
  if (response === undefined || response.logprobs === undefined || response.logprobs.length === 0) return 'no logprobs';
  return readVerdict(response.logprobs) ?? 'no word';
}

async function fromTexts(model: Model, messages: Message[], read: VerifierOptions['read']): Promise<number> {
  if (model.loglikelihood === undefined) throw read === 'loglikelihood' ? noTexts(model) : noLogprobs(model);
  const { continuations } = await model.loglikelihood({ messages, continuations: [verdicts.right, verdicts.wrong] });
  const [right, wrong] = continuations;
  return twoWay(right?.logprob ?? -Infinity, wrong?.logprob ?? -Infinity);
}

function noLogprobs(model: Model): FettleError {
  return lacking(
    model,
    'no-logprobs',
    'reports no log-probabilities of its replies and cannot score given texts',
    'Name as --verifier a model whose endpoint answers with logprobs (OpenAI, vLLM, llama.cpp) or a local: model, or use verify=rollouts, which needs neither.',
  );
}

function noTexts(model: Model): FettleError {
  return lacking(
    model,
    'no-loglikelihood',
    'cannot score given texts',
    'Name as --verifier a local: model or an endpoint whose /completions answers with echo and logprobs, or use read=logprobs.',
  );
}
