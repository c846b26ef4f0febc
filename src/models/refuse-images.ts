import { type EmbedRequest, FettleError, hasImages, type Message } from '../core/index.ts';

/** For encoders of texts alone. Throws `encoder-no-images`: leaving pictures out would give figures about nothing. */
export function refuseImages(request: EmbedRequest, id: string): void {
  if (request.images === undefined || request.images.length === 0) return;
  throw new FettleError(`${id} embeds texts and cannot embed images.`, {
    code: 'encoder-no-images',
    hint: 'Use a model of images and texts: clip:FOLDER of an exported checkpoint, or engine:FOLDER of CLIP or SigLIP.',
  });
}

/** For generating models that read texts alone. Throws `images-unsupported`. */
export function refuseImagesInMessages(messages: readonly Message[], name: string, hint: string): void {
  if (!hasImages(messages)) return;
  throw new FettleError(`The model ${name} reads text only, and a message holds an image`, {
    code: 'images-unsupported',
    hint,
  });
}
