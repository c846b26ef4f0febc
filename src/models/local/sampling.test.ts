import { describe, expect, it } from 'vitest';
import { samplingOf } from './sampling.ts';

describe('samplingOf', () => {
  it('is greedy, with nothing cut off, unless asked otherwise', () => {
    expect(samplingOf({ seed: 7 })).toEqual({ temperature: 0, topK: 0, topP: 1, minP: 0, seed: 7 });
  });

  it('folds any whole number to 32 bits that do not mean "any seed"', () => {
    for (const seed of [0, -1, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1, -(2 ** 40)]) {
      const folded = samplingOf({ seed }).seed;
      expect(Number.isInteger(folded) && folded >= 0 && folded < 0xffffffff, String(seed)).toBe(true);
    }
    expect(samplingOf({ seed: 2 ** 32 + 5 }).seed).not.toBe(samplingOf({ seed: 5 }).seed);
  });

  it('draws a new seed where none is given', () => {
    const seeds = new Set(Array.from({ length: 20 }, () => samplingOf({ temperature: 1 }).seed));
    expect(seeds.size).toBeGreaterThan(15);
  });

  it.each([{ temperature: -1 }, { temperature: Number.NaN }, { topP: 0 }, { topP: 1.5 }, { topK: 0.5 }, { seed: 0.5 }])(
    'refuses %o',
    (settings) => {
      expect(() => samplingOf(settings)).toThrow(expect.objectContaining({ where: Object.keys(settings)[0] }));
    },
  );
});
