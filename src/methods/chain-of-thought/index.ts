import { z } from 'zod';
import { defineMethod, type Method } from '../../core/index.ts';
import { cueNames, cuePlaces, withCue } from './cue.ts';

const options = z.object({
  wording: z.enum(cueNames).default('steps').describe('which cue asks for the reasoning'),
  place: z.enum(cuePlaces).default('user').describe('where the cue stands: behind the question, or as system message'),
});

/**
 * One request that asks for the reasoning before the answer.
 * Source: Kojima et al., "Large Language Models are Zero-Shot Reasoners" (2022), section 3; `plan` after Wang et al.,
 * "Plan-and-Solve Prompting" (2023). The words are ours.
 */
export const chainOfThought = defineMethod({
  name: 'chain-of-thought',
  description: 'Ask once for the reasoning and the answer.',
  options,
  create({ wording, place }: z.output<typeof options>): Method {
    return {
      name: 'chain-of-thought',
      options: { wording, place },
      async solve(sample, { models, settings }) {
        const messages = withCue(sample.input, wording, place);
        const response = await models.main.generate({ ...settings, messages });
        return { text: response.text, metadata: { finishReason: response.finishReason } };
      },
    };
  },
});
