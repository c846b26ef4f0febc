import { z } from 'zod';
import { defineMethod, type Method, type ModelRole, type PathStep } from '../../core/index.ts';
import { cueNames, withCue } from '../chain-of-thought/cue.ts';
import { pathSeed } from '../self-consistency/path-seed.ts';
import { finalAnswer, parseSteps, stepPrompt, stepsToVerify } from '../steps/index.ts';
import { createVerifier, pathRule, pathScore, type VerifierOptions, verifierOptions } from '../verifiers/index.ts';
import { choosePath, selections } from './choose-path.ts';

export { choosePath, selections, type Selection } from './choose-path.ts';

const options = z.object({
  n: z.coerce.number().int().min(1).max(1000).default(5).describe('paths asked for'),
  temperature: z.coerce.number().min(0).max(2).default(0.7).describe('sampling temperature of each path'),
  form: z
    .enum(['task', 'steps', ...cueNames])
    .default('task')
    .describe('how the question is put: as the task does, in tagged steps, or with a cue of chain-of-thought'),
  score: pathRule,
  select: z
    .enum(selections)
    .default('best')
    .describe('take the path with the best score, or the answer with the greatest sum of scores'),
  accept: z.coerce
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe('ask for no more paths once one scores at least this; all n where absent'),
  wave: z.coerce.number().int().min(1).max(1000).default(1).describe('paths asked for at once, with accept'),
  ...verifierOptions.shape,
});

/** Verifiers of their own kind of model; the others can ask the model that answers. */
const ownModel: readonly VerifierOptions['verify'][] = ['prm', 'classifier'];

/**
 * Several paths drawn at a temperature, scored step by step by a verifier; the best one answers.
 * Source: Cobbe et al., "Training Verifiers to Solve Math Word Problems" (2021), by the score of the whole path (`last`);
 * Lightman et al., "Let's Verify Step by Step" (2023), by the scores of steps (`min`, `product`); `weighted` after Li et
 * al., "Making Large Language Models Better Reasoners with Step-Aware Verifier" (2023).
 *
 * Paths are the same requests as those of self-consistency at the same temperature.
 * A path in which no answer is found is neither scored nor chosen; where none holds one, the first stands as it is.
 */
export const bestOfN = defineMethod({
  name: 'best-of-n',
  description: 'Draw several paths, score their steps with a verifier and take the best path.',
  options,
  create(given: z.output<typeof options>): Method {
    const { n, temperature, form, score: rule, select, accept, wave } = given;
    const verifier = createVerifier(given);
    const roles: readonly ModelRole[] = ownModel.includes(given.verify) ? ['verifier'] : [];
    return {
      name: 'best-of-n',
      roles,
      options: {
        ...verifier.options,
        n,
        temperature,
        form,
        score: rule,
        select,
        wave,
        ...(accept === undefined ? {} : { accept }),
      },
      async solve(sample, context) {
        const { models, settings, extract, trace } = context;
        const messages =
          form === 'task' ? sample.input : form === 'steps' ? stepPrompt(sample.input) : withCue(sample.input, form);
        const drawPath = async (path: number): Promise<PathStep> => {
          const seed = pathSeed(settings.seed ?? 0, path);
          const { text, usage } = await models.main.generate({ ...settings, temperature, seed, messages });
          // Scorers that know no answer tags are given what stands within them.
          const marked = form === 'steps' && extract(text) === null ? finalAnswer(text) : null;
          const answer = extract(marked ?? text);
          const steps = answer === null ? [] : stepsToVerify(parseSteps(text));
          const scores = steps.length === 0 ? [] : await verifier.score(sample, steps, context);
          return {
            type: 'path',
            path,
            text: marked ?? text,
            answer,
            ...(marked === null ? {} : { solution: text }),
            ...(answer === null ? {} : { score: pathScore(scores, rule), scores }),
            inputTokens: usage.inputTokens,
            outputTokens: usage.outputTokens,
          };
        };
        const paths: PathStep[] = [];
        const accepted = ({ score }: PathStep): boolean =>
          accept !== undefined && score !== undefined && score >= accept;
        while (paths.length < n && !paths.some(accepted)) {
          const count = Math.min(n - paths.length, accept === undefined ? n : wave);
          const drawn = await Promise.all(Array.from({ length: count }, (_, i) => drawPath(paths.length + i)));
          for (const step of drawn) trace(step);
          paths.push(...drawn);
        }
        const place = choosePath(paths, select);
        const chosen = place === undefined ? undefined : paths[place];
        trace({ type: 'choice', path: place ?? null, score: chosen?.score ?? null, answer: chosen?.answer ?? null });
        return {
          text: chosen?.text ?? paths[0]?.text ?? '',
          metadata: { path: place ?? null, score: chosen?.score ?? null, paths: paths.length },
        };
      },
    };
  },
});
