import { FettleError } from '../core/index.ts';
import type { ImageItem } from '../data/index.ts';
import { mapPooled } from './map-pooled.ts';

/** One image with what is known about it. The image sets of the data room and the drawn pictures are lists of these. */
export interface TrainingItem extends Omit<ImageItem, 'split'> {
  /** As the data gives it: `train`, `test`, `validation` (also `val`, `dev`). */
  readonly split?: string | undefined;
  /** Lower-case hex sha256 of the image's bytes, where it is known already. */
  readonly sha256?: string | undefined;
}

/** An item whose image has been read once, so that equal pictures can be told by their hash. */
export interface HashedItem extends TrainingItem {
  readonly sha256: string;
}

export interface HashItemsOptions {
  /** Images read at the same time. Default 16. */
  readonly concurrency?: number | undefined;
  readonly onProgress?: ((progress: { readonly done: number; readonly total: number }) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads every image whose hash is not known yet and adds it; pictures are not kept in memory.
 * Throws what loading an image throws, with the item named, and a FettleError `data-invalid` where two items share an id.
 */
export async function hashItems(
  items: readonly TrainingItem[],
  { concurrency = 16, onProgress, signal }: HashItemsOptions = {},
): Promise<HashedItem[]> {
  const seen = new Set<string>();
  for (const { id } of items) {
    if (seen.has(id)) {
      throw new FettleError(`Two items have the id ${JSON.stringify(id)}`, {
        code: 'data-invalid',
        where: id,
        hint: 'Give every image an id of its own: rules, splits and results name images by it.',
      });
    }
    seen.add(id);
  }
  let done = 0;
  return mapPooled(items, concurrency, signal, async (item) => {
    const sha256 = item.sha256 ?? (await item.image.load()).sha256;
    onProgress?.({ done: ++done, total: items.length });
    return { ...item, sha256 };
  });
}
