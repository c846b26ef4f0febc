import { z } from 'zod';
import { defineMethod, type Method } from '../../core/index.ts';

/** One request, its reply is the answer. */
export const direct = defineMethod({
  name: 'direct',
  description: 'Ask the model once and take its reply.',
  options: z.object({}),
  create(): Method {
    return {
      name: 'direct',
      options: {},
      async solve(sample, { models, settings }) {
        const response = await models.main.generate({ ...settings, messages: sample.input });
        return { text: response.text, metadata: { finishReason: response.finishReason } };
      },
    };
  },
});
