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
    let reported = false;
    if (read !== 'loglikelihood' && !silent.has(model.id)) {
      const found = await fromReply(model, messages);
      if (typeof found === 'number') return found;
      reported = found === 'no word';
      if (!reported) silent.add(model.id);
    }
    const scored = read === 'logprobs' ? undefined : await fromTexts(model, messages);
    if (scored !== undefined) return scored;
    if (!reported) throw read === 'loglikelihood' ? noTexts(model) : noLogprobs(model);
    const note = `${model.id} says neither ${verdicts.right} nor ${verdicts.wrong}`;
    context.trace({ type: 'verifier-note', note });
    return 0.5;
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

/** Undefined where the model cannot score texts: some endpoints are known not to only once they are asked. */
async function fromTexts(model: Model, messages: Message[]): Promise<number | undefined> {
  const continuations = [verdicts.right, verdicts.wrong];
  const scored = await model.loglikelihood?.({ messages, continuations }).catch((error: unknown) => {
    if (FettleError.isInstance(error) && error.code === 'model-no-loglikelihood') return undefined;
    throw error;
  });
  if (scored === undefined) return undefined;
  const [right, wrong] = scored.continuations;
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
