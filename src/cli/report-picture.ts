import type { Store } from '../core/index.ts';
import { thumbnail } from '../data/index.ts';
import type { ReportPicture } from '../report/index.ts';

/** Longest side in pixels: charts stay legible, and hundreds fit a page. */
const side = 560;

/** A stored image as a report shows it; undefined where it is gone or cannot be decoded. */
export async function reportPicture(store: Store, sha256: string): Promise<ReportPicture | undefined> {
  const bytes = await store.getBlob(sha256).catch(() => undefined);
  const small = bytes && (await thumbnail(bytes, side));
  if (small === undefined) return undefined;
  const { width, height } = small;
  return { width, height, dataUrl: `data:image/webp;base64,${Buffer.from(small.bytes).toString('base64')}` };
}
