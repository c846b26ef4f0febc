import { errorMessage, FettleError, type ImageReference, type Model, usageError } from '../core/index.ts';
import { ngramVector } from './ngram-encoder.ts';

const palette: Readonly<Record<string, readonly [number, number, number]>> = {
  red: [255, 0, 0],
  green: [0, 160, 0],
  blue: [0, 0, 255],
  yellow: [255, 255, 0],
  orange: [255, 140, 0],
  purple: [150, 0, 200],
  cyan: [0, 255, 255],
  pink: [255, 150, 200],
  brown: [120, 70, 30],
  black: [0, 0, 0],
  white: [255, 255, 255],
  grey: [128, 128, 128],
};
const colours = Object.entries(palette);
/** Places for what texts say besides colours; images have nothing there. */
const otherPlaces = 16;

/** How near a colour is to each of the palette. */
function profile(rgb: readonly number[]): number[] {
  return colours.map(([, own]) => {
    const squares = own.reduce((sum, value, i) => sum + (value - (rgb[i] ?? 0)) ** 2, 0);
    return Math.exp(-squares / 20_000);
  });
}

function textVector(text: string): number[] {
  const words = new Set(text.toLowerCase().match(/[a-z]+/g));
  const sums = colours.map(() => 0);
  for (const [name, rgb] of colours) {
    if (words.has(name)) for (const [i, value] of profile(rgb).entries()) sums[i] = (sums[i] ?? 0) + value;
  }
  const grams = ngramVector(text, 'test:clip');
  return [...sums, ...grams.slice(1, otherPlaces + 1).map((value) => value * 0.02)];
}

async function imageVector(image: ImageReference): Promise<number[]> {
  const { bytes } = await image.load();
  const { default: sharp } = await import('sharp');
  let data: Buffer;
  try {
    data = await sharp(bytes, { failOn: 'error', limitInputPixels: 4_000_000 })
      .toColourspace('srgb')
      .removeAlpha()
      .raw()
      .toBuffer();
  } catch (cause) {
    throw new FettleError(`Image ${image.label} cannot be decoded: ${errorMessage(cause)}`, {
      code: 'image-invalid',
      where: image.label,
      hint: 'The file may be cut short or damaged: fetch it again.',
      cause,
    });
  }
  const sums = [0, 0, 0];
  for (const [i, value] of data.entries()) sums[i % 3] = (sums[i % 3] ?? 0) + value;
  const mean = sums.map((sum) => sum / (data.length / 3));
  return [...profile(mean), ...Array.from({ length: otherPlaces }, () => 0)];
}

/**
 * A toy image-text encoder: images by their mean colour, texts by the colour words in them (and a little by hashed
 * three-character windows, so that texts without colours differ). For tests and for trying tasks out.
 */
export function createTestClip(id: string): Model {
  return {
    id,
    identity: { provider: 'test', name: 'clip', version: 1 },
    endpoint: 'test:clip',
    generate: () => Promise.reject(usageError(`${id} is an encoder: it embeds texts and images and cannot generate.`)),
    async embed({ texts, images }, call) {
      call?.signal?.throwIfAborted();
      return {
        vectors: texts.map(textVector),
        ...(images === undefined ? {} : { imageVectors: await Promise.all(images.map(imageVector)) }),
        scale: 100,
        usage: {
          inputTokens: texts.reduce((sum, text) => sum + (text.match(/\S+/g)?.length ?? 0), 0),
          outputTokens: 0,
        },
      };
    },
  };
}
