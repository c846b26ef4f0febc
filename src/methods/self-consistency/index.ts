import { z } from 'zod';
import { defineMethod, type Method, type PathStep } from '../../core/index.ts';
import { cueNames, withCue } from '../chain-of-thought/cue.ts';
import { pathSeed } from './path-seed.ts';
import { pathsUntilStop, stopRule, stopRuleNames } from './stop-rules.ts';
import { majority } from './vote.ts';

export { pathSeed } from './path-seed.ts';
export * from './stop-rules.ts';
export * from './vote.ts';

const options = z.object({
  n: z.coerce.number().int().min(1).max(1000).default(5).describe('replies asked for'),
  temperature: z.coerce.number().min(0).max(2).default(0.7).describe('sampling temperature of each reply'),
  cue: z
    .enum(['none', ...cueNames])
    .default('none')
    .describe('cue of chain-of-thought behind the question'),
  stop: z
    .enum(stopRuleNames)
    .default('none')
    .describe(
      'ask for no more replies once the leader cannot be overtaken (certain), or is likely enough (beta, dirichlet)',
    ),
  confidence: z.coerce.number().gt(0.5).lt(1).default(0.95).describe('how likely, for beta and dirichlet'),
});

/**
 * Several replies drawn at a temperature, the most frequent answer wins.
 * Source: Wang et al., "Self-Consistency Improves Chain of Thought Reasoning in Language Models" (2023).
 *
 * Replies in which no answer is found do not vote; a tie goes to the answer that came first.
 * Where no reply holds an answer, the first reply stands as it is.
 */
export const selfConsistency = defineMethod({
  name: 'self-consistency',
  description: 'Draw several replies and take the most frequent answer.',
  options,
  create({ n, temperature, cue, stop, confidence }: z.output<typeof options>): Method {
    const rule = stopRule(stop, confidence);
    return {
      name: 'self-consistency',
      options: { n, temperature, cue, stop, confidence },
      async solve(sample, { models, settings, extract, trace }) {
        const messages = cue === 'none' ? sample.input : withCue(sample.input, cue);
        const paths: { answer: string | null; text: string }[] = [];
        let votes: number[] = [];
        do {
          const from = paths.length;
          const responses = await Promise.all(
            Array.from({ length: pathsUntilStop(rule, votes, n - from) }, (_, i) =>
              models.main.generate({
                ...settings,
                temperature,
                seed: pathSeed(settings.seed ?? 0, from + i),
                messages,
              }),
            ),
          );
          for (const { text, usage } of responses) {
            const answer = extract(text);
            trace({
              type: 'path',
              path: paths.length,
              text,
              answer,
              inputTokens: usage.inputTokens,
              outputTokens: usage.outputTokens,
            } satisfies PathStep);
            paths.push({ answer, text });
          }
          votes = [...majority(paths).votes.values()];
        } while (paths.length < n && !rule(votes, n - paths.length));
        const vote = majority(paths);
        const tally = Object.fromEntries(vote.votes);
        const winner = vote.winner === undefined ? undefined : paths[vote.winner];
        const won = winner?.answer ?? null;
        trace({ type: 'vote', votes: tally, answer: won });
        return {
          text: winner?.text ?? paths[0]?.text ?? '',
          metadata: {
            votes: tally,
            agreement: (won === null ? 0 : (vote.votes.get(won) ?? 0)) / paths.length,
            ...(stop === 'none' ? {} : { paths: paths.length }),
          },
        };
      },
    };
  },
});
