import { z } from 'zod';
import { pathRules } from './path-score.ts';

export const verifierNames = ['prompted', 'prm', 'rollouts', 'classifier', 'oracle'] as const;

/** Option fields that every method with a verifier shares: `z.object({ ...verifierOptions.shape, … })`. */
export const verifierOptions = z.object({
  verify: z
    .enum(verifierNames)
    .default('prompted')
    .describe(
      'who scores steps: a model asked in words, a process reward model, roll-outs, an ONNX classifier, or an oracle that knows the answer',
    ),
  read: z
    .enum(['auto', 'logprobs', 'loglikelihood'])
    .default('auto')
    .describe('prompted: read the probability from log-probabilities of the reply, or score both words as replies'),
  marks: z
    .enum(['text', 'chat'])
    .default('text')
    .describe('prm: steps in one text with a mark behind each (Math-Shepherd), or a user turn a step (RLHFlow)'),
  tag: z.string().min(1).default('ки').describe('prm: the mark behind each step'),
  positive: z.string().min(1).default(' +').describe('prm: what follows the mark of a right step'),
  negative: z.string().min(1).default(' -').describe('prm: what follows the mark of a wrong step'),
  rollouts: z.coerce.number().int().min(1).max(1000).default(4).describe('rollouts: completions of each prefix'),
  rolloutTemperature: z.coerce.number().min(0).max(2).default(0.7).describe('rollouts: sampling temperature'),
  labels: z
    .enum(['own', 'gold'])
    .default('own')
    .describe('rollouts: share that reach the answer of the path itself, or (analysis only) the right answer'),
  positiveClass: z
    .string()
    .default('')
    .describe('classifier: label or number of the class that means right; the last where empty'),
  pair: z
    .enum(['pair', 'single'])
    .default('pair')
    .describe('classifier: question and steps as two texts, or as one text in the form StepCo trains on'),
});

export type VerifierOptions = z.output<typeof verifierOptions>;

/** How paths are scored from their steps, for methods that choose among paths. */
export const pathRule = z
  .enum(pathRules)
  .default('min')
  .describe('score of a path: min, mean, last or product of its steps');
