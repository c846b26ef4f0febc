import { type DataFault, errorMessage, FettleError } from '../../core/index.ts';
import { type ImageItem, type ImageSetForm, openImageSet } from '../../data/index.ts';

/**
 * Faults of an image set: what its reading left out, pictures that cannot be read, and equal pictures (by the sha256 of
 * their bytes). An equal picture in another split leaks from one to the other; one with another class confuses both.
 */
export async function* checkImages(data: string, form: ImageSetForm): AsyncGenerator<DataFault> {
  await using set = await openImageSet(data, { form });
  for (const note of set.notes) yield { file: set.location, severity: 'warning', message: note };
  const seen = new Map<string, ImageItem>();
  for (const item of set.items) {
    let sha256: string;
    try {
      ({ sha256 } = await item.image.load());
    } catch (error) {
      const hint = FettleError.isInstance(error) ? error.hint : undefined;
      yield { file: item.id, severity: 'error', message: errorMessage(error), ...(hint === undefined ? {} : { hint }) };
      continue;
    }
    const other = seen.get(sha256);
    if (other === undefined) {
      seen.set(sha256, item);
      continue;
    }
    const acrossSplits = other.split !== item.split;
    const acrossClasses = other.class !== item.class;
    yield {
      file: item.id,
      severity: 'warning',
      message: `the same picture as ${other.id}${acrossSplits ? ', in another split' : ''}${acrossClasses ? `, with another class (${other.class ?? 'none'} and ${item.class ?? 'none'})` : ''}`,
      hint: acrossSplits ? 'Leave it out of one of them: what is trained on must not be tested on.' : 'Leave one out.',
    };
  }
}
