import { hash } from 'node:crypto';
import type { ImageBlob, ImageReference } from '../../core/index.ts';
import { inspectImage, type ImageLimits } from './inspect-image.ts';

/**
 * An image that is read on first use, checked (`inspectImage`) and hashed.
 * Kept only as long as someone holds the blob, so that a large set does not fill the memory; concurrent loads share one read.
 */
export function lazyImage(label: string, read: () => Promise<Uint8Array>, limits: ImageLimits = {}): ImageReference {
  let kept: WeakRef<ImageBlob> | undefined;
  let loading: Promise<ImageBlob> | undefined;
  const load = async (): Promise<ImageBlob> => {
    const bytes = await read();
    const { mediaType } = await inspectImage(bytes, label, limits);
    const blob: ImageBlob = { sha256: hash('sha256', bytes, 'hex'), mediaType, bytes };
    kept = new WeakRef(blob);
    return blob;
  };
  return {
    label,
    load() {
      const blob = kept?.deref();
      if (blob !== undefined) return Promise.resolve(blob);
      loading ??= load().finally(() => (loading = undefined));
      return loading;
    },
  };
}
