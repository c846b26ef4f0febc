import { similarityBlock } from '../../core/index.ts';
import { type ImageTextMeasures, type RecallFigures, recallAt, retrievalRanks } from '../../metrics/index.ts';

interface RetrievalInput {
  /** Unit rows; the first `forget` of them belong to the forget set. */
  readonly images: Float32Array;
  /** Of each image. */
  readonly captions: readonly (readonly string[])[];
  /** Unit rows of distinct captions, and where each stands; texts of other items may be among them. */
  readonly texts: { readonly rows: Float32Array; readonly places: ReadonlyMap<string, number> };
  readonly width: number;
  readonly forget: number;
}

/** Recall of both directions against the pooled gallery. Equal captions are one entry, right for all their images. */
export function retrievalFigures(input: RetrievalInput): NonNullable<ImageTextMeasures['retrieval']> {
  const { images, captions, width, forget } = input;
  const gallery = [...new Set(captions.flat())];
  const texts = new Float32Array(gallery.length * width);
  for (const [place, text] of gallery.entries()) {
    const from = (input.texts.places.get(text) ?? 0) * width;
    texts.set(input.texts.rows.subarray(from, from + width), place * width);
  }
  const { rightTexts, rightImages } = rightItems(captions, gallery);
  const imageRanks = retrievalRanks({
    right: rightTexts,
    gallerySize: gallery.length,
    fill: (from, to, out) => similarityBlock(images, texts, { width, from, to, out }),
  });
  const textRanks = retrievalRanks({
    right: rightImages,
    gallerySize: captions.length,
    fill: (from, to, out) => similarityBlock(texts, images, { width, from, to, out }),
  });
  // A query is one caption of one image, so a text that two images share is asked twice.
  const placeOf = new Map(gallery.map((text, place) => [text, place]));
  const asked = (from: number, to: number): number[] =>
    captions.slice(from, to).flatMap((own) => own.map((text) => textRanks[placeOf.get(text) ?? 0] as number));
  return {
    imageToText: { forget: figures(imageRanks.subarray(0, forget)), retain: figures(imageRanks.subarray(forget)) },
    textToImage: { forget: figures(asked(0, forget)), retain: figures(asked(forget, captions.length)) },
  };
}

/** Right texts of every image, and right images of every text of the gallery. */
export function rightItems(
  captions: readonly (readonly string[])[],
  gallery: readonly string[],
): { rightTexts: number[][]; rightImages: number[][] } {
  const placeOf = new Map(gallery.map((text, place) => [text, place]));
  const rightImages = gallery.map((): number[] => []);
  const rightTexts = captions.map((own, image) => {
    const places = [...new Set(own.map((text) => placeOf.get(text) ?? -1))].filter((place) => place >= 0);
    for (const place of places) rightImages[place]?.push(image);
    return places;
  });
  return { rightTexts, rightImages };
}

function figures(ranks: ArrayLike<number>): RecallFigures {
  return {
    n: ranks.length,
    recall: { '1': recallAt(ranks, 1) ?? 0, '5': recallAt(ranks, 5) ?? 0, '10': recallAt(ranks, 10) ?? 0 },
  };
}
