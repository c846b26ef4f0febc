import type { Random } from '../../core/index.ts';
import { shapes } from './shapes.ts';

export type Colour = readonly [red: number, green: number, blue: number];

/** Colours of shapes by the word that captions use, each part from 0 to 1. They are lighter than every ground. */
export const colours: Readonly<Record<string, Colour>> = {
  red: [0.95, 0.25, 0.2],
  orange: [0.98, 0.6, 0.15],
  yellow: [0.97, 0.92, 0.3],
  green: [0.4, 0.9, 0.4],
  turquoise: [0.3, 0.85, 0.85],
  pink: [0.97, 0.6, 0.8],
  white: [0.95, 0.95, 0.95],
};

/**
 * Colours of grounds. Shapes are always the lighter part, so that a small model learns shape in seconds and not
 * first that light on dark and dark on light are the same.
 */
export const grounds: Readonly<Record<string, Colour>> = {
  black: [0.08, 0.08, 0.08],
  blue: [0.1, 0.15, 0.5],
  brown: [0.32, 0.2, 0.1],
  purple: [0.3, 0.1, 0.38],
  'dark green': [0.06, 0.28, 0.14],
  grey: [0.3, 0.3, 0.32],
};

/** Shapes behind the one that counts, too small to be taken for it. */
export interface Distractor {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  /** 0 is a blob; else the length of a line in radii. */
  readonly length: number;
  readonly angle: number;
  readonly colour: Colour;
}

/** All that a picture shows. Places and lengths are in sides of the picture, angles in radians. */
export interface Scene {
  readonly shape: string;
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  readonly angle: number;
  readonly colour: Colour;
  readonly colourName: string;
  readonly ground: Colour;
  readonly groundName: string;
  /** Of the ground: a change across the picture, waves and cells, as the largest change of a colour's part. */
  readonly gradient: { readonly angle: number; readonly strength: number };
  readonly waves: { readonly angle: number; readonly count: number; readonly phase: number; readonly strength: number };
  readonly cells: { readonly across: number; readonly strength: number; readonly values: readonly number[] };
  readonly distractors: readonly Distractor[];
  /** Standard deviation of each pixel's noise. */
  readonly noise: number;
}

/** Composes a picture of a shape. Nothing but the shape tells the class: all else is drawn from the same chances. */
export function composeScene(shape: string, random: Random): Scene {
  const { turn = 0, many = false } = shapes[shape] ?? {};
  const between = (least: number, most: number): number => least + (most - least) * random.next();
  const one = (names: readonly string[]): string => names[random.integer(names.length)] ?? '';
  const colourName = one(Object.keys(colours));
  const groundName = one(Object.keys(grounds));
  // A pattern fills its square, and its parts must be told at 32 pixels.
  const radius = many ? between(0.32, 0.42) : between(0.26, 0.42);
  const place = (): number => between(Math.min(0.5, radius * 0.95), Math.max(0.5, 1 - radius * 0.95));
  const across = 3 + random.integer(5);
  return {
    shape,
    x: place(),
    y: place(),
    radius,
    angle: between(-turn, turn),
    colour: varied(colours[colourName] as Colour, random),
    colourName,
    ground: varied(grounds[groundName] as Colour, random),
    groundName,
    gradient: { angle: between(0, 2 * Math.PI), strength: between(0, 0.25) },
    waves: { angle: between(0, Math.PI), count: between(2, 7), phase: between(0, 6), strength: between(0, 0.06) },
    cells: {
      across,
      strength: between(0, 0.1),
      values: Array.from({ length: (across + 1) ** 2 }, () => between(-1, 1)),
    },
    distractors: Array.from({ length: random.integer(4) }, () => ({
      x: random.next(),
      y: random.next(),
      radius: between(0.02, 0.04),
      length: random.next() < 0.5 ? 0 : between(3, 7),
      angle: between(0, Math.PI),
      colour: varied(colours[one(Object.keys(colours))] as Colour, random),
    })),
    noise: between(0.02, 0.06),
  };
}

/** Texts that say what a picture shows. */
export function captionsOf({ shape, colourName, groundName, radius }: Scene): string[] {
  const many = shapes[shape]?.many === true;
  const a = (words: string): string => (many ? words : `${/^[aeiou]/.test(words) ? 'an' : 'a'} ${words}`);
  const size = radius > 0.37 ? 'large ' : radius < 0.31 ? 'small ' : '';
  return [`${a(`${colourName} ${shape}`)} on ${groundName}.`, `${a(`${size}${colourName} ${shape}`)}.`];
}

function varied([red, green, blue]: Colour, random: Random): Colour {
  const change = (part: number): number => Math.min(1, Math.max(0, part + 0.16 * (random.next() - 0.5)));
  return [change(red), change(green), change(blue)];
}
