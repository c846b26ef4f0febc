import { z } from 'zod';
import { defineMethod, type JsonObject, type Method } from '../../core/index.ts';
import { allocators, defaultAllocator, tileMessages } from '../../tiling/index.ts';
import { imageLabels, planStep } from './plan-step.ts';

const yesOrNo = (name: string): z.ZodType<boolean> =>
  z
    .enum(['yes', 'no', 'true', 'false'])
    .default('yes')
    .transform((text) => text === 'yes' || text === 'true')
    .describe(name);

const options = z.object({
  budget: z.coerce
    .number()
    .int()
    .min(1)
    .max(10_000)
    .default(50)
    .describe('visual inputs of a sample, thumbnails included'),
  tile: z.coerce.number().int().min(1).max(4096).default(364).describe('side of a tile in pixels'),
  allocator: z
    .enum(allocators)
    .default(defaultAllocator)
    .describe('how tiles are divided; leopard is the released rule'),
  thumbnails: yesOrNo('whether every image is sent as a thumbnail too'),
  order: z
    .enum(['thumbnail-first', 'tiles-first'])
    .default('thumbnail-first')
    .describe('order of the inputs of an image'),
  numbering: yesOrNo('whether texts number images and name rows and columns of tiles'),
});

/**
 * All images of a sample within one budget of visual inputs: each as a thumbnail and, as far as the budget reaches,
 * a grid of tiles at higher resolution, numbered in the text.
 * Source: Jia et al., "Leopard: A Vision Language Model for Text-Rich Multi-Image Tasks" (arXiv 2410.01744), section on
 * adaptive high-resolution encoding. The encoding alone, for any model; the released allocation is `allocator=leopard`.
 *
 * The model is asked once. Samples without images are asked as they are.
 * Throws `image-invalid` and `image-too-large`, which name the image.
 */
export const leopard = defineMethod({
  name: 'leopard',
  description: 'Send many images as thumbnails and tiles within one budget, then ask once.',
  options,
  create(settings: z.output<typeof options>): Method {
    const { numbering, ...tiling } = settings;
    return {
      name: 'leopard',
      options: settings satisfies JsonObject,
      async solve(sample, { models, settings: generation, trace, signal }) {
        const labels = imageLabels(sample.input);
        if (labels.length === 0) {
          const response = await models.main.generate({ ...generation, messages: sample.input });
          return { text: response.text, metadata: { finishReason: response.finishReason } };
        }
        const { messages, plan } = await tileMessages(sample.input, { ...tiling, captions: numbering });
        signal.throwIfAborted();
        trace(planStep(plan, labels, tiling));
        const response = await models.main.generate({ ...generation, messages });
        return {
          text: response.text,
          metadata: { finishReason: response.finishReason, visualInputs: plan.visualInputs },
        };
      },
    };
  },
});
