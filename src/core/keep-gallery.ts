import type { Gallery } from './gallery.ts';
import type { Store } from './store.ts';

/** Writes of galleries by store and hash, so that thousands of queries write theirs once. */
const kept = new WeakMap<Store, Map<string, Promise<void>>>();

/** Keeps a gallery as a blob before any request names it; gives its hash. A write that failed is tried again. */
export async function keepGallery(store: Store, gallery: Gallery): Promise<string> {
  const { sha256, json } = await gallery.describe();
  let writes = kept.get(store);
  if (writes === undefined) kept.set(store, (writes = new Map<string, Promise<void>>()));
  let write = writes.get(sha256);
  if (write === undefined) {
    write = store.putBlob({ sha256, mediaType: 'application/json', bytes: Buffer.from(json, 'utf8') });
    writes.set(sha256, write);
    const all = writes;
    write.catch(() => all.delete(sha256));
  }
  await write;
  return sha256;
}
