import { createHash } from 'node:crypto';
import type { ImageItem } from './image-set.ts';

/** Pictures hashed at a time: enough to keep the disk busy. */
const readsAtOnce = 32;

/** The hash that `ImageSet.hash` gives, of some items. */
export async function hashImageItems(items: readonly ImageItem[]): Promise<string> {
  const hash = createHash('sha256');
  for (let start = 0; start < items.length; start += readsAtOnce) {
    const part = items.slice(start, start + readsAtOnce);
    const blobs = await Promise.all(part.map(async ({ image }) => (await image.load()).sha256));
    for (const [place, { id, split = null, class: name = null, captions = null }] of part.entries()) {
      hash.update(`${JSON.stringify([id, split, name, captions, blobs[place] as string])}\n`);
    }
  }
  return hash.digest('hex');
}
