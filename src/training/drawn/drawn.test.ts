import { expect, describe, test } from 'vitest';
import { decodeImage } from '../../data/index.ts';
import { hashItems } from '../training-item.ts';
import { drawnPictures } from './drawn-pictures.ts';
import { shapes } from './shapes.ts';

describe('drawnPictures', () => {
  test('gives each class as many items of each split, with superclass and captions', () => {
    const set = drawnPictures({ train: 3, test: 2 });
    expect(set.classes).toHaveLength(10);
    expect(set.items).toHaveLength(50);
    expect(new Set(set.items.map(({ id }) => id)).size).toBe(50);
    expect(Map.groupBy(set.items, ({ class: name, split }) => `${split} ${name}`).get('test star')).toHaveLength(2);
    const families = Map.groupBy(set.classes, (name) => set.superclasses.get(name));
    expect([...families.values()].map((names) => names.length)).toEqual([2, 2, 2, 2, 2]);
    for (const { captions, scene, class: name } of set.items) {
      expect(captions).toHaveLength(2);
      for (const caption of captions) expect(caption).toContain(`${scene.colourName} ${name}`);
    }
  });

  test('the same seed gives the same bytes, in whatever number; another seed gives others', async () => {
    const few = await hashItems(drawnPictures({ train: 2, test: 1, seed: 4 }).items);
    const many = await hashItems(drawnPictures({ train: 5, test: 1, seed: 4 }).items);
    const others = await hashItems(drawnPictures({ train: 2, test: 1, seed: 5 }).items);
    const hashes = new Map(many.map(({ id, sha256 }) => [id, sha256]));
    for (const { id, sha256 } of few) expect(hashes.get(id)).toBe(sha256);
    const all = [...many, ...others].map(({ sha256 }) => sha256);
    expect(new Set(all).size).toBe(all.length);
    expect(await drawnPictures({ seed: 4 }).hash()).not.toBe(await drawnPictures({ seed: 5 }).hash());
  });

  test.each([8, 32, 100])('draws %i pixels a side, the shape in its colour', async (size) => {
    const { items } = drawnPictures({ size, train: 1, test: 0, classes: ['circle', 'square'] });
    for (const { image, scene } of items) {
      const { width, height, data } = await decodeImage((await image.load()).bytes);
      expect([width, height]).toEqual([size, size]);
      const at = 3 * (Math.floor(scene.y * size) * size + Math.floor(scene.x * size));
      for (let part = 0; part < 3; part++) {
        expect(Math.abs((data[at + part] ?? 0) / 255 - (scene.colour[part] ?? 0))).toBeLessThan(6 * scene.noise);
      }
    }
  });

  test.each([
    [{ size: 4 }, 'size'],
    [{ train: -1 }, 'train'],
    [{ test: 1.5 }, 'test'],
    [{ classes: ['hexagon'] }, 'classes'],
  ])('refuses %j', (options, where) => {
    expect(() => drawnPictures(options)).toThrow(expect.objectContaining({ exitCode: 2, where }));
  });
});

test.each(Object.keys(shapes))(
  '%s has an inside, an outside and distances that change no faster than places',
  (name) => {
    const { distance } = shapes[name] ?? { distance: () => Number.NaN };
    let inside = 0;
    for (let y = -1.5; y <= 1.5; y += 0.05) {
      for (let x = -1.5; x <= 1.5; x += 0.05) {
        const here = distance(x, y);
        if (here < 0) inside++;
        expect(Math.abs(distance(x + 0.01, y) - here)).toBeLessThanOrEqual(0.01 + 1e-9);
      }
    }
    // Of 61 x 61 points: none fills the frame, and none is a speck.
    expect(inside).toBeGreaterThan(300);
    expect(inside).toBeLessThan(1400);
    expect(distance(1.45, 1.45)).toBeGreaterThan(0);
  },
);
