import { createRandom, sha256, usageError, type ImageReference } from '../../core/index.ts';
import { bytesImage } from '../../data/index.ts';
import type { TrainingItem } from '../training-item.ts';
import { drawScene } from './draw-scene.ts';
import { encodePng } from './png.ts';
import { captionsOf, composeScene, type Scene } from './scene.ts';
import { shapes } from './shapes.ts';

export interface DrawnPicturesOptions {
  /** Side in pixels. Default 32. */
  readonly size?: number | undefined;
  /** Pictures of each class to train on. Default 150. */
  readonly train?: number | undefined;
  /** Pictures of each class to test on. Default 50. */
  readonly test?: number | undefined;
  /** Default 0. */
  readonly seed?: number | undefined;
  /** Default: all ten. */
  readonly classes?: readonly string[] | undefined;
}

export interface DrawnItem extends TrainingItem {
  readonly class: string;
  readonly superclass: string;
  readonly captions: readonly string[];
  readonly split: 'train' | 'test';
  /** What the picture shows. */
  readonly scene: Scene;
}

/** Pictures drawn by Fettle, in the shape of a set that is read from files. */
export interface DrawnPictures {
  readonly name: string;
  readonly location: string;
  readonly form: 'classes';
  readonly items: readonly DrawnItem[];
  readonly classes: readonly string[];
  /** Class → superclass. */
  readonly superclasses: ReadonlyMap<string, string>;
  readonly notes: readonly string[];
  hash(): Promise<string>;
  close(): Promise<void>;
}

/** Changed whenever the same options give other pictures. */
const drawingVersion = 1;

/**
 * Small pictures of ten shapes in five superclasses, for demonstrations and tests: circle and ring, square and diamond,
 * star and cross, heart and crescent, stripes and dots, of any colour, place, size and turn on textured grounds with
 * distractors and noise, each with two captions. A picture depends on the seed, its class, split and number alone, and is
 * drawn when it is loaded.
 */
export function drawnPictures(options: DrawnPicturesOptions = {}): DrawnPictures {
  const { size = 32, train = 150, test = 50, seed = 0, classes = Object.keys(shapes) } = options;
  for (const [name, value, least] of [
    ['size', size, 8],
    ['train', train, 0],
    ['test', test, 0],
  ] as const) {
    if (Number.isSafeInteger(value) && value >= least && value <= 1_000_000) continue;
    throw usageError(`${name} is ${value}`, { where: name, hint: `Take a whole number of at least ${least}.` });
  }
  for (const name of classes) {
    if (Object.hasOwn(shapes, name)) continue;
    throw usageError(`Fettle draws no ${JSON.stringify(name)}`, {
      where: 'classes',
      hint: `Shapes are ${Object.keys(shapes).join(', ')}.`,
    });
  }
  const items: DrawnItem[] = [];
  for (const [split, count] of [
    ['train', train],
    ['test', test],
  ] as const) {
    for (const name of classes) {
      for (let number = 0; number < count; number++) items.push(drawnItem(name, split, number, seed, size));
    }
  }
  const key = JSON.stringify(['fettle drawn', drawingVersion, size, train, test, seed, classes]);
  return {
    name: 'drawn',
    location: 'pictures drawn by Fettle',
    form: 'classes',
    items,
    classes,
    superclasses: new Map(classes.map((name) => [name, shapes[name]?.superclass ?? ''])),
    notes: [],
    hash: async () => sha256(key),
    close: async () => undefined,
  };
}

function drawnItem(name: string, split: 'train' | 'test', number: number, seed: number, size: number): DrawnItem {
  const id = `${split}/${name}/${String(number).padStart(4, '0')}`;
  const scene = composeScene(name, createRandom(`drawn:${seed}:${id}`));
  const load: ImageReference['load'] = () => {
    const { width, height, data } = drawScene(scene, size, createRandom(`drawn:${seed}:${id}:noise`));
    return bytesImage(encodePng(width, height, data), id).load();
  };
  const superclass = shapes[name]?.superclass ?? '';
  return { id, image: { label: id, load }, class: name, superclass, captions: captionsOf(scene), split, scene };
}
