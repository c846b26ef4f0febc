import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EngineClient } from '../../src/engine/index.ts';
import { drawPicture } from '../../src/data/images/testing/draw-picture.ts';
import { drawnPictures, encodePng, hashItems, plainSets, preparePairs, splitItems } from '../../src/training/index.ts';

/** Pictures of several shapes, as files of a folder and as bytes. */
export function pictures(): { readonly name: string; readonly bytes: Uint8Array }[] {
  const sizes = [
    [32, 32],
    [33, 47],
    [100, 40],
    [17, 90],
    [250, 250],
    [8, 8],
  ] as const;
  return sizes.map(([width, height], place) => ({
    name: `picture-${place}.png`,
    bytes: encodePng(width, height, drawPicture(`clip ${place}`, width, height).data),
  }));
}

/** Trains a CLIP of a few thousand parameters for a few steps on drawn pictures; gives its checkpoint folder. */
export async function trainTinyClip(engine: EngineClient, folder: string): Promise<string> {
  for (const { name, bytes } of pictures()) await writeFile(join(folder, name), bytes);
  const items = await hashItems(drawnPictures({ size: 32, train: 8, test: 4 }).items);
  const split = splitItems(items, { seed: 0, duplicates: 'drop' });
  const pairs = await preparePairs({ items, size: 32, texts: { from: 'classes' }, cacheFolder: join(folder, 'pairs') });
  const sets = join(folder, 'sets.json');
  await writeFile(sets, JSON.stringify(plainSets(split)));
  const outcome = await engine.run({
    v: 1,
    kind: 'clip',
    out: join(folder, 'job'),
    data: { pairs: pairs.folder, sets },
    model: {
      architecture: {
        imageSize: 32,
        patchSize: 8,
        visionWidth: 32,
        visionLayers: 2,
        visionHeads: 2,
        textWidth: 32,
        textLayers: 2,
        textHeads: 2,
        textLength: 16,
        vocabulary: 320,
        embeddingWidth: 24,
      },
    },
    steps: 8,
    batch: { items: 16 },
    optimizer: { learningRate: 1e-2 },
    threads: 1,
    save: {},
    log: {},
  });
  if (outcome.kind !== 'done') throw new Error('the tiny CLIP was not trained to its end');
  return String(outcome.summary['model']);
}
