import type { Message, MethodContext, Model } from '../../../core/index.ts';
import { questionText } from '../../steps/index.ts';
import type { VerifierOptions } from '../options.ts';
import { cachedScores } from '../prefix-cache.ts';
import type { StepVerifier } from '../step-verifier.ts';
import { lacking, twoWay, verifyingModel } from '../verifying-model.ts';

type Settings = Pick<VerifierOptions, 'marks' | 'tag' | 'positive' | 'negative'>;

/**
 * A process reward model: P(positive) / (P(positive) + P(negative)) of the token behind each step mark.
 *
 * `marks=text` is the convention of Math-Shepherd (Wang et al., arXiv 2312.08935): question and steps as one raw text, the
 * mark "ки" behind each step, then " +" or " -". `marks=chat` is that of RLHFlow's models: a user turn a step, the first
 * with the question, and the verdict as the assistant's turn. Other models of either form take other words as options.
 *
 * Reached through log-likelihoods of given texts, so over any endpoint that echoes or a local GGUF file. The mark and
 * the verdict have to be tokens of their own in the model's tokenizer, as they are in the models that define them.
 */
export function createPrmVerifier({ marks, tag, positive, negative }: Settings): StepVerifier {
  const continuations = marks === 'chat' ? [positive.trim(), negative.trim()] : [positive, negative];
  const noted = new WeakSet<object>();
  const probability = async (context: MethodContext, messages: Message[]): Promise<number> => {
    const model = verifyingModel(context);
    if (model.loglikelihood === undefined) throw noTexts(model);
    const raw = marks === 'text';
    const scored = await model.loglikelihood({ messages, continuations, ...(raw ? { raw } : {}) });
    const [right, wrong] = scored.continuations;
    const longer = continuations.find((_, i) => (scored.continuations[i]?.tokens ?? 1) !== 1);
    if (longer !== undefined && !noted.has(context.models)) {
      noted.add(context.models);
      context.trace({
        type: 'verifier-note',
        note: `"${longer}" is not one token of ${model.id}: is it such a model?`,
      });
    }
    return twoWay(right?.logprob ?? -Infinity, wrong?.logprob ?? -Infinity);
  };
  const messagesOf = (question: string, steps: readonly string[]): Message[] =>
    marks === 'chat'
      ? turns(question, steps, positive.trim())
      : [{ role: 'user', content: markedText(question, steps, tag) }];
  return {
    name: 'prm',
    options: { verify: 'prm', marks, tag, positive, negative },
    score: cachedScores((prefixes, sample, context) => {
      const question = questionText(sample);
      return prefixes.map((steps) => probability(context, messagesOf(question, steps)));
    }),
    ...(marks === 'text'
      ? { scoreMarks: (text: string, context: MethodContext) => scoreMarks(text, tag, context, probability) }
      : {}),
  };
}

async function scoreMarks(
  text: string,
  tag: string,
  context: MethodContext,
  probability: (context: MethodContext, messages: Message[]) => Promise<number>,
): Promise<readonly number[]> {
  const prefixes: string[] = [];
  for (let at = text.indexOf(tag); at !== -1; at = text.indexOf(tag, at + tag.length)) {
    prefixes.push(text.slice(0, at + tag.length));
  }
  return Promise.all(prefixes.map((prefix) => probability(context, [{ role: 'user', content: prefix }])));
}

/** As Math-Shepherd was trained: `QUESTION Step 1: … ки`, a line a step. */
function markedText(question: string, steps: readonly string[], tag: string): string {
  return `${question} ${steps.map((step, i) => `Step ${i + 1}: ${step} ${tag}`).join('\n')}`;
}

/** Verdicts of earlier steps are taken as positive, as those models are read. */
function turns(question: string, steps: readonly string[], positive: string): Message[] {
  return steps.flatMap((step, i): Message[] => {
    const user: Message = { role: 'user', content: i === 0 ? `${question} ${step}` : step };
    return i === steps.length - 1 ? [user] : [user, { role: 'assistant', content: positive }];
  });
}

function noTexts(model: Model): Error {
  return lacking(
    model,
    'no-loglikelihood',
    'cannot score given texts, which is how a process reward model is read',
    'Name as --verifier local:FILE.gguf of the reward model, or an endpoint whose /completions answers with echo and logprobs (vLLM).',
  );
}
