import type { Answer, MethodContext, Sample } from '../../core/index.ts';
import { mergeRevision, parseSteps, questionText, renderSteps, type StepPath } from '../steps/index.ts';
import { stepPrompt, stepsToVerify } from '../steps/index.ts';
import { answerOf, bestPath, firstLow, pathScore, type StepVerifier } from '../verifiers/index.ts';
import { type Attempt, attemptStep } from './attempt.ts';
import { meteredModels, tokensOf } from './metered-models.ts';
import type { StepcoOptions } from './options.ts';
import { extractPrompt, revisePrompt } from './prompts.ts';
import { replyText } from './reply-text.ts';

type Stop = 'accepted' | 'rounds' | 'repeat' | 'tokens' | 'unchanged';

/**
 * Spec: solve in steps; score every prefix; the first step below theta, and all behind it, is written anew, at most
 * `rounds` times. Steps before it stay byte for byte, whatever the reply says, and are not scored again, so the index
 * of the low step never moves back. A path without low steps is accepted.
 */
export async function solveAsPaper(
  sample: Sample,
  outer: MethodContext,
  verifier: StepVerifier,
  options: StepcoOptions,
): Promise<Answer> {
  const meter = meteredModels(outer.models);
  const context: MethodContext = { ...outer, models: meter.models };
  const { settings, trace, extract } = context;
  const { main } = context.models;
  const attempts: Attempt[] = [];

  const first = await main.generate({ ...settings, messages: stepPrompt(sample.input) });
  let path = parseSteps(first.text);
  let frozen = 0;
  let change: Attempt['change'] = null;
  let stop: Stop | undefined;
  for (let round = 0; stop === undefined; round++) {
    const fresh = await verifier.score(sample, stepsToVerify(path), context, { from: frozen });
    const scores = [...(attempts.at(-1)?.scores.slice(0, frozen) ?? []), ...fresh];
    // Nothing at all is as wrong as can be, from its first step on.
    const low = scores.length === 0 ? 0 : firstLow(scores, options.theta, frozen);
    const before = attempts.at(-1);
    const attempt = { path, scores, pathScore: pathScore(scores, options.score), low, frozen, change };
    attempts.push({ ...attempt, tokens: meter.take() });
    stop = reasonToStop(attempts, round, options, tokensOf(meter.total()));
    if (stop === undefined && settings.temperature === 0 && before !== undefined && samePath(before.path, path)) {
      // The same request would get the same reply, round after round.
      stop = 'unchanged';
    }
    const ending = attempts[endingWith(attempts, stop, options)]?.path;
    const text = ending === undefined ? '' : replyText(ending, ending.answer, options.reply, extract);
    trace(attemptStep(round, attempts.at(-1) as Attempt, { text, answer: ending?.answer ?? null }, options.theta));
    if (stop !== undefined || low === null) break;

    const messages = revisePrompt(sample.input, path, low, scores[low] ?? 0);
    // Each round draws its own reply; seeds must not meet those of the next epoch.
    const seed = (settings.seed ?? 0) * 1_000_003 + round + 1;
    const reply = await main.generate({ ...settings, seed, messages });
    const merged = mergeRevision(path, low, reply.text);
    change = { from: low, removed: merged.taken === 0 ? 0 : path.steps.length - low, added: merged.taken };
    path = merged.path;
    frozen = Math.min(low, path.steps.length);
  }

  const kept = endingWith(attempts, stop, options);
  const chosen = attempts[kept];
  const metadata = {
    stopped: stop ?? 'accepted',
    accepted: stop === 'accepted',
    rounds: attempts.length - 1,
    kept: chosen === undefined ? null : kept,
    pathScore: chosen?.pathScore ?? null,
    verifier: verifier.name,
  };
  if (chosen === undefined) return { text: '', metadata: { ...metadata, answer: null, abstained: true } };
  let { answer } = chosen.path;
  if (answer === null && options.extract === 'fallback' && chosen.path.steps.length > 0) {
    answer = await askForAnswer(sample, chosen.path, context);
    trace({ type: 'extract', answer });
  }
  return { text: replyText(chosen.path, answer, options.reply, extract), metadata: { ...metadata, answer } };
}

function reasonToStop(
  attempts: readonly Attempt[],
  round: number,
  { rounds, stop, tokens }: StepcoOptions,
  spent: number,
): Stop | undefined {
  const [last, before] = [attempts.at(-1), attempts.at(-2)];
  if (last?.low === null) return 'accepted';
  const answer = last?.path.answer ?? null;
  if (stop === 'repeat' && answer !== null && answer === before?.path.answer) return 'repeat';
  if (round >= rounds) return 'rounds';
  if (tokens !== undefined && spent >= tokens) return 'tokens';
  return undefined;
}

/** Which path answers if the method ends now; -1 for none. */
function endingWith(attempts: readonly Attempt[], stop: Stop | undefined, { keep }: StepcoOptions): number {
  if (stop === 'accepted' || keep === 'last') return attempts.length - 1;
  if (keep === 'abstain') return -1;
  return bestPath(
    attempts.map((attempt) => attempt.pathScore),
    'latest',
  );
}

function samePath(a: StepPath, b: StepPath): boolean {
  return renderSteps(a) === renderSteps(b);
}

async function askForAnswer(sample: Sample, path: StepPath, context: MethodContext): Promise<string | null> {
  const { settings, models } = context;
  const messages = extractPrompt(questionText(sample), renderSteps(path));
  const { text } = await models.main.generate({ ...settings, messages });
  return answerOf(text, context);
}
