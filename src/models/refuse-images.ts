import { type EmbedRequest, FettleError } from '../core/index.ts';

/** For encoders of texts alone. Throws `encoder-no-images`: leaving pictures out would give figures about nothing. */
export function refuseImages(request: EmbedRequest, id: string): void {
  if (request.images === undefined || request.images.length === 0) return;
  throw new FettleError(`${id} embeds texts and cannot embed images.`, {
    code: 'encoder-no-images',
    hint: 'Use a model of images and texts: clip:FOLDER of an exported checkpoint, or engine:FOLDER of CLIP or SigLIP.',
  });
}
