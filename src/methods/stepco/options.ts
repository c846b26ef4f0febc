import { z } from 'zod';
import { pathRule, verifierOptions } from '../verifiers/options.ts';

export const stepcoOptions = z.object({
  variant: z
    .enum(['paper', 'reference'])
    .default('paper')
    .describe('the loop as the paper tells it, or as the released code runs it'),
  theta: z.coerce.number().min(0).max(1).default(0.5).describe('a step scored below it is low; an equal score passes'),
  rounds: z.coerce
    .number()
    .int()
    .min(0)
    .max(50)
    .default(5)
    .describe('revisions at most; 0 scores the first path alone'),
  keep: z
    .enum(['best', 'last', 'abstain'])
    .default('best')
    .describe('when no path was accepted: the best-scored one, the last one, or no answer'),
  score: pathRule,
  stop: z
    .enum(['accepted', 'repeat'])
    .default('accepted')
    .describe('end only with a path without low steps, or also with the same answer twice in a row'),
  tokens: z.coerce
    .number()
    .int()
    .min(1)
    .optional()
    .describe('no further revision once so many tokens, of solver and verifier, are spent on a sample'),
  extract: z
    .enum(['fallback', 'never'])
    .default('fallback')
    .describe('ask for the answer of a path that marks none, or leave it without'),
  reply: z
    .enum(['auto', 'path', 'answer'])
    .default('auto')
    .describe('reply with the whole path, its answer alone, or the path where the scorer reads its answer from it'),
  ...verifierOptions.shape,
});

export type StepcoOptions = z.output<typeof stepcoOptions>;
