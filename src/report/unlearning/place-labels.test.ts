import { describe, expect, it } from 'vitest';
import { placeLabels } from './place-labels.ts';

const within = { x: 0, y: 0, width: 400, height: 300 };

describe('placeLabels', () => {
  it('puts a label right of a mark that stands alone, left of it at the right edge', () => {
    const [alone, edge] = placeLabels(
      [
        { x: 100, y: 100, width: 80 },
        { x: 390, y: 200, width: 80 },
      ],
      within,
    );
    expect(alone).toEqual({ x: 109, y: 100, far: false });
    expect(edge?.x).toBe(301);
  });

  it('keeps the labels of nine marks on one spot apart and inside', () => {
    const marks = Array.from({ length: 9 }, (_, i) => ({ x: 20 + i, y: 60, width: 120 }));
    const boxes = placeLabels(marks, within).map(({ x, y }) => ({
      left: x,
      right: x + 120,
      top: y - 7,
      bottom: y + 7,
    }));
    for (const [i, a] of boxes.entries()) {
      expect(a.left).toBeGreaterThanOrEqual(0);
      expect(a.right).toBeLessThanOrEqual(400);
      for (const b of boxes.slice(i + 1))
        expect(a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top).toBe(true);
    }
  });
});
