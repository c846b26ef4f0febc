export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface PlacedLabel {
  /** Left end of the text. */
  readonly x: number;
  /** Middle of its line. */
  readonly y: number;
  /** Too far from its mark to be read without a line to it. */
  readonly far: boolean;
}

const lineHeight = 15;
const gap = 9;

/**
 * Puts a label beside each mark so that labels cover neither each other nor any mark, nearest place first; where every
 * place is taken, the one that covers least. In the order given: what matters most comes first. Lengths in pixels.
 */
export function placeLabels(
  marks: readonly { readonly x: number; readonly y: number; readonly width: number }[],
  within: Box,
  obstacles: readonly Box[] = [],
): PlacedLabel[] {
  const taken: Box[] = [...obstacles, ...marks.map(({ x, y }) => ({ x: x - 6, y: y - 6, width: 12, height: 12 }))];
  return marks.map((mark) => {
    let best: { box: Box; cost: number } | undefined;
    for (const box of candidates(mark, within)) {
      const cost = taken.reduce((sum, other) => sum + overlap(box, other), 0);
      if (best === undefined || cost < best.cost) best = { box, cost };
      if (cost === 0) break;
    }
    const { box } = best as { box: Box };
    taken.push(box);
    const y = box.y + lineHeight / 2;
    return { x: box.x, y, far: Math.abs(y - mark.y) > lineHeight + 3 };
  });
}

function* candidates(mark: { x: number; y: number; width: number }, within: Box): Generator<Box> {
  for (let step = 0; step <= 14; step++) {
    for (const direction of step === 0 ? [0] : [1, -1]) {
      const middle = mark.y + direction * step * (lineHeight / 2 + 1);
      const lefts = [mark.x + gap, mark.x - gap - mark.width, ...(step >= 2 ? [mark.x - mark.width / 2] : [])];
      for (const left of lefts) {
        const x = Math.min(Math.max(left, within.x), Math.max(within.x, within.x + within.width - mark.width));
        const y = Math.min(Math.max(middle - lineHeight / 2, within.y), within.y + within.height - lineHeight);
        yield { x, y, width: mark.width, height: lineHeight };
      }
    }
  }
}

const overlap = (a: Box, b: Box): number =>
  Math.max(0, Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)) *
  Math.max(0, Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y));
