import { z } from 'zod';
import { defineMethod, type Method } from '../../core/index.ts';

const options = z.object({
  n: z.coerce.number().int().min(1).max(1000).default(5).describe('replies asked for'),
  temperature: z.coerce.number().min(0).max(2).default(0.7).describe('sampling temperature of each reply'),
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
  create({ n, temperature }: z.output<typeof options>): Method {
    return {
      name: 'self-consistency',
      options: { n, temperature },
      async solve(sample, { models, settings, extract, trace }) {
        const seed = settings.seed ?? 0;
        const responses = await Promise.all(
          Array.from({ length: n }, (_, path) =>
            // Seeds of one sample's paths must not meet those of its next epoch.
            models.main.generate({ ...settings, temperature, seed: seed * 1_000_003 + path, messages: sample.input }),
          ),
        );
        const votes = new Map<string, { count: number; text: string }>();
        for (const [path, { text }] of responses.entries()) {
          const answer = extract(text);
          trace({ type: 'path', path, text, answer });
          if (answer === null) continue;
          const vote = votes.get(answer);
          if (vote === undefined) votes.set(answer, { count: 1, text });
          else vote.count += 1;
        }
        let winner: { answer: string; count: number; text: string } | undefined;
        for (const [answer, vote] of votes) {
          if (winner === undefined || vote.count > winner.count) winner = { answer, ...vote };
        }
        const tally = Object.fromEntries([...votes].map(([answer, { count }]) => [answer, count]));
        trace({ type: 'vote', votes: tally, answer: winner?.answer ?? null });
        return {
          text: winner?.text ?? responses[0]?.text ?? '',
          metadata: { votes: tally, agreement: (winner?.count ?? 0) / n },
        };
      },
    };
  },
});
