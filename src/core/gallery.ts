import { sha256 } from './canonical.ts';
import type { ImageReference } from './message.ts';

/** What queries are compared with: a list of texts or images in groups, each group one place with the mean of its vectors. */
export interface GalleryContent {
  readonly kind: 'texts' | 'images';
  readonly groups: readonly (readonly (string | ImageReference)[])[];
}

/**
 * A list that many queries are compared with. Requests name it by its hash, as they name images,
 * so that it stands in the journal's blobs once and not in every request.
 */
export interface Gallery extends GalleryContent {
  /** The gallery as JSON and the sha256 of that text. Images are read and named by their own sha256. */
  describe(): Promise<{ readonly sha256: string; readonly json: string }>;
}

/** A gallery of texts, one group a place: the texts of a class, or one caption. */
export function textGallery(groups: readonly (readonly string[])[]): Gallery {
  requireGroups(groups);
  let described: { readonly sha256: string; readonly json: string } | undefined;
  return {
    kind: 'texts',
    groups,
    async describe() {
      if (described === undefined) {
        const json = JSON.stringify({ texts: groups });
        described = { json, sha256: sha256(json) };
      }
      return described;
    },
  };
}

/** A gallery of images, one a place. */
export function imageGallery(images: readonly ImageReference[]): Gallery {
  const groups = images.map((image) => [image]);
  requireGroups(groups);
  let describing: Promise<{ readonly sha256: string; readonly json: string }> | undefined;
  const read = async (): Promise<{ readonly sha256: string; readonly json: string }> => {
    const hashes: string[][] = [];
    for (const image of images) hashes.push([(await image.load()).sha256]);
    const json = JSON.stringify({ images: hashes });
    return { json, sha256: sha256(json) };
  };
  return {
    kind: 'images',
    groups,
    describe() {
      describing ??= read().catch((error: unknown) => {
        describing = undefined;
        throw error;
      });
      return describing;
    },
  };
}

function requireGroups(groups: readonly (readonly unknown[])[]): void {
  if (groups.length === 0 || groups.some((group) => group.length === 0)) {
    throw new RangeError('A gallery has at least one group, and each group at least one entry.');
  }
}
