import { type Answer, FettleError, type Message, type MethodContext, type Sample } from '../../../core/index.ts';
import { questionText } from '../../steps/index.ts';
import type { StepVerifier } from '../../verifiers/index.ts';
import { meteredModels } from '../metered-models.ts';
import { type ReleasedCalls, type ReleasedRound, runReleasedLoop } from './loop.ts';
import { extractPrompt, revisePrompt, solvePrompt } from './prompts.ts';

export { runReleasedLoop, type ReleasedCalls, type ReleasedOutcome } from './loop.ts';
export { releasedSteps, splitAsReleased } from './split.ts';

/**
 * StepCo as the released code runs it, with prompts of ours. The reply is that of the last EXTRACT call.
 * A verifier that reads marks gets the very texts of the released code; others score the same pieces as steps.
 * Where the released code would crash on an answer, the sample fails with `released-code-raises`.
 */
export async function solveAsReleased(sample: Sample, outer: MethodContext, verifier: StepVerifier): Promise<Answer> {
  const meter = meteredModels(outer.models);
  const context: MethodContext = { ...outer, models: meter.models };
  const { settings, trace } = context;
  let calls = 0;
  const ask = async (messages: Message[]): Promise<string> => {
    // The first request has the seed as it is; equal requests of later rounds draw anew.
    const seed = calls === 0 ? settings.seed : (settings.seed ?? 0) * 1_000_003 + calls;
    calls += 1;
    const reply = await context.models.main.generate({
      ...settings,
      ...(seed === undefined ? {} : { seed }),
      messages,
    });
    return reply.text;
  };
  const released: ReleasedCalls = {
    solve: (question) => ask(solvePrompt(question)),
    extract: (question, path) => ask(extractPrompt(question, path)),
    revise: (question, path, step, percentage) => ask(revisePrompt(question, path, step, percentage)),
    verify: (input, steps) => verifier.scoreMarks?.(input, context) ?? verifier.score(sample, steps, context),
  };
  const outcome = await runReleasedLoop(questionText(sample), sample.target, released, (round, index) =>
    trace(roundStep(round, index, meter.take())),
  );
  trace({ type: 'released-record', record: outcome.record });
  if (outcome.error !== null || outcome.finalText === null) {
    throw new FettleError(`The released code raises on the answer of its last round: ${outcome.error ?? ''}`, {
      code: 'released-code-raises',
      where: `sample ${sample.id}`,
      hint: 'Its normaliser evaluates answers as Python; use variant=paper for a grader that does not.',
    });
  }
  const last = outcome.rounds.at(-1);
  return {
    text: outcome.finalText,
    metadata: {
      variant: 'reference',
      rounds: outcome.rounds.length - 1,
      accepted: (last?.wholeScores[0] ?? 0) >= 0.5,
      path: last?.path ?? '',
      verifier: verifier.name,
    },
  };
}

function roundStep(
  { path, wholeScores, answer, steps }: ReleasedRound,
  round: number,
  { solver, verifier }: ReturnType<ReturnType<typeof meteredModels>['take']>,
): Parameters<MethodContext['trace']>[0] {
  return {
    type: 'round',
    round,
    text: answer,
    answer,
    path,
    pathScore: wholeScores[0] ?? null,
    theta: 0.5,
    low: steps?.low ?? null,
    steps:
      steps?.texts.map((text, i) => ({
        step: i + 1,
        score: steps.scores[i] ?? null,
        state: i + 1 === steps.low ? 'low' : 'new',
        text,
      })) ?? [],
    change: round === 0 ? null : { from: 1, removed: null, added: null },
    tokens: { solver: { ...solver }, verifier: { ...verifier } },
  };
}
