import { z } from 'zod';
import { defineMethod, FettleError, type Method } from '../../core/index.ts';

const options = z.object({
  normalise: z
    .enum(['none', 'tokens', 'bytes'])
    .default('none')
    .describe('divide each option’s log-likelihood by its length in tokens or UTF-8 bytes'),
  others: z
    .enum(['generate', 'refuse'])
    .default('generate')
    .describe('what to do with samples that have no options: ask the model once, or fail'),
});

/**
 * The option that the model finds most likely as its reply.
 * log P(option | prompt) = sum over the option's tokens; the answer is the option with the highest sum
 * (or mean, with `normalise`). Ties go to the earlier option.
 */
export const loglikelihood = defineMethod({
  name: 'loglikelihood',
  description: 'Choose the option with the highest log-likelihood; samples without options are generated.',
  options,
  create({ normalise, others }: z.output<typeof options>): Method {
    return {
      name: 'loglikelihood',
      options: { normalise, others },
      async solve(sample, { models, settings, trace }) {
        const { main } = models;
        const choices = sample.choices;
        if (choices === undefined || choices.length === 0) {
          if (others === 'generate') {
            const response = await main.generate({ ...settings, messages: sample.input });
            return { text: response.text, metadata: { finishReason: response.finishReason } };
          }
          throw new FettleError('The sample has no options to choose from.', {
            code: 'no-choices',
            where: `sample ${sample.id}`,
            hint: 'Give the data a choices field, or use --method loglikelihood:others=generate.',
          });
        }
        if (main.loglikelihood === undefined) {
          throw new FettleError(`The model ${main.id} cannot score given texts.`, {
            code: 'no-loglikelihood',
            hint: 'Use a local model, or an endpoint whose /completions answers with echo and logprobs.',
          });
        }
        const { continuations } = await main.loglikelihood({
          messages: sample.input,
          continuations: choices,
          ...(settings.raw === undefined ? {} : { raw: settings.raw }),
        });
        const scores = continuations.map(({ logprob, tokens }, i) => {
          if (normalise === 'tokens') return logprob / Math.max(1, tokens);
          if (normalise === 'bytes') return logprob / Math.max(1, Buffer.byteLength(choices[i] ?? ''));
          return logprob;
        });
        let best = 0;
        for (let i = 1; i < scores.length; i++) if ((scores[i] ?? -Infinity) > (scores[best] ?? -Infinity)) best = i;
        trace({ type: 'options', choices, scores, best });
        return { text: choices[best] ?? '', metadata: { scores, choices } };
      },
    };
  },
});
