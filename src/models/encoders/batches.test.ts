import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { equalLengthBatches, truncateIds } from './batches.ts';

const lengths = fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 60 });

it('puts every text into one batch, with equals, within the limit', () => {
  fc.assert(
    fc.property(lengths, fc.integer({ min: 1, max: 200 }), (sizes, limit) => {
      const texts = sizes.map((size, index) => ({ index, ids: Array.from({ length: size }, () => 1) }));
      const batches = equalLengthBatches(texts, limit);
      expect(batches.flat().toSorted((a, b) => a.index - b.index)).toEqual(texts);
      for (const batch of batches) {
        const size = batch[0]?.ids.length ?? 0;
        expect(batch.every((text) => text.ids.length === size)).toBe(true);
        if (batch.length > 1) expect(batch.length * size).toBeLessThanOrEqual(limit);
      }
    }),
  );
});

it('cuts long texts and keeps their end token', () => {
  expect(truncateIds([101, 7, 8, 9, 102], 4)).toEqual([101, 7, 8, 102]);
  expect(truncateIds([101, 102], 4)).toEqual([101, 102]);
});
