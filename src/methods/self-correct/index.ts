import { z } from 'zod';
import { defineMethod, type GenerateResponse, type Message, type Method, type RoundStep } from '../../core/index.ts';
import { cueNames, withCue } from '../chain-of-thought/cue.ts';
import { jointPrompt, reviewPrompt, revisePrompt } from './prompts.ts';

const options = z.object({
  rounds: z.coerce.number().int().min(1).max(50).default(2).describe('reviews at most'),
  style: z
    .enum(['separate', 'joint'])
    .default('separate')
    .describe('review and revise in two requests a round, or in one'),
  stop: z.enum(['repeat', 'never']).default('repeat').describe('end once a revision gives the same answer again'),
  cue: z
    .enum(['none', ...cueNames])
    .default('none')
    .describe('cue of chain-of-thought behind the question'),
});

/**
 * The model answers, looks for faults of its own answer and answers again; nothing from outside helps it.
 * Source: Huang et al., "Large Language Models Cannot Self-Correct Reasoning Yet" (2024), section 3 (answer, review,
 * revise); Kim et al., "Language Models can Solve Computer Tasks" (2023). The words are ours.
 *
 * A review sees the question and the latest answer alone, so prompts do not grow with the rounds.
 * A revision in which no answer is found does not replace one that has an answer.
 */
export const selfCorrect = defineMethod({
  name: 'self-correct',
  description: 'Answer, then review and revise that answer without outside help.',
  options,
  create({ rounds, style, stop, cue }: z.output<typeof options>): Method {
    return {
      name: 'self-correct',
      options: { rounds, style, stop, cue },
      async solve(sample, { models, settings, extract, trace }) {
        const input = cue === 'none' ? sample.input : withCue(sample.input, cue);
        const ask = (messages: readonly Message[]): Promise<GenerateResponse> =>
          models.main.generate({ ...settings, messages });
        const round = (step: Omit<RoundStep, 'type'>): void => trace({ ...step, type: 'round' });
        const first = await ask(input);
        let current = { text: first.text, answer: extract(first.text) };
        round({ round: 0, ...current, ...tokensOf([first]) });
        let last = 0;
        for (let number = 1; number <= rounds; number++) {
          const said: readonly Message[] = [...input, { role: 'assistant', content: current.text }];
          const review = style === 'joint' ? undefined : await ask([...said, { role: 'user', content: reviewPrompt }]);
          const revised = await ask(
            review === undefined
              ? [...said, { role: 'user', content: jointPrompt }]
              : [
                  ...said,
                  { role: 'user', content: reviewPrompt },
                  { role: 'assistant', content: review.text },
                  { role: 'user', content: revisePrompt },
                ],
          );
          const answer = extract(revised.text);
          const before = current.answer;
          const unusable = answer === null && before !== null;
          if (!unusable) current = { text: revised.text, answer };
          last = number;
          round({
            round: number,
            ...current,
            ...(review === undefined ? {} : { review: review.text }),
            ...(unusable ? { discarded: revised.text } : {}),
            changed: current.answer !== before,
            ...tokensOf(review === undefined ? [revised] : [review, revised]),
          });
          if (stop === 'repeat' && answer !== null && answer === before) break;
        }
        return { text: current.text, metadata: { rounds: last } };
      },
    };
  },
});

function tokensOf(responses: readonly GenerateResponse[]): { inputTokens: number; outputTokens: number } {
  let [inputTokens, outputTokens] = [0, 0];
  for (const { usage } of responses) {
    inputTokens += usage.inputTokens ?? 0;
    outputTokens += usage.outputTokens ?? 0;
  }
  return { inputTokens, outputTokens };
}
