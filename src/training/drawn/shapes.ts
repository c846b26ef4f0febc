/**
 * Signed distance of a point to a shape about the origin that is about 1 in radius: below 0 inside, in the same unit.
 * Distances need only be right near the edge, where they become coverage.
 */
export type Distance = (x: number, y: number) => number;

export interface Shape {
  readonly superclass: string;
  readonly distance: Distance;
  /** Largest turn either way in radians: a square that is turned too far is a diamond. */
  readonly turn: number;
  /** Written without an article. */
  readonly many?: boolean;
}

const { abs, cos, hypot, max, min, PI, round, sin } = Math;

const disc: Distance = (x, y) => hypot(x, y) - 1;
const box = (x: number, y: number, halfWidth: number, halfHeight: number): number =>
  max(abs(x) - halfWidth, abs(y) - halfHeight);

/** Ten shapes in five pairs of near ones. */
export const shapes: Readonly<Record<string, Shape>> = {
  circle: { superclass: 'round', distance: disc, turn: PI },
  crescent: {
    superclass: 'curved',
    distance: (x, y) => max(hypot(x, y) - 1, 0.82 - hypot(x - 0.5, y)),
    turn: 0.6,
  },
  cross: {
    superclass: 'pointed',
    distance: (x, y) => min(box(x, y, 1, 0.3), box(x, y, 0.3, 1)),
    turn: 0.3,
  },
  diamond: {
    superclass: 'four_sided',
    distance: (x, y) => (abs(x) / 0.75 + abs(y) / 1.1 - 1) * 0.62,
    turn: 0.2,
  },
  dots: {
    superclass: 'patterned',
    distance: (x, y) => max(box(x, y, 1, 1), hypot(offset(x), offset(y)) - 0.2),
    turn: PI,
    many: true,
  },
  heart: { superclass: 'curved', distance: polygon(heartOutline()), turn: 0.35 },
  ring: { superclass: 'round', distance: (x, y) => abs(hypot(x, y) - 0.76) - 0.24, turn: PI },
  square: { superclass: 'four_sided', distance: (x, y) => box(x, y, 0.82, 0.82), turn: 0.2 },
  star: { superclass: 'pointed', distance: polygon(starOutline()), turn: 0.6 },
  stripes: {
    superclass: 'patterned',
    distance: (x, y) => max(box(x, y, 1, 1), abs(offset(x)) - 0.15),
    turn: PI,
    many: true,
  },
};

/** Signed distance to the middle of the nearest of cells of 0.66, three of which span a pattern. */
function offset(at: number): number {
  return at - 0.66 * round(at / 0.66);
}

type Outline = readonly (readonly [number, number])[];

function starOutline(): Outline {
  return Array.from({ length: 10 }, (_, index): [number, number] => {
    const radius = index % 2 === 0 ? 1.12 : 0.45;
    const angle = (index * PI) / 5;
    return [radius * sin(angle), -radius * cos(angle)];
  });
}

/** The usual parametric heart (16 sin³t; 13 cos t - 5 cos 2t - 2 cos 3t - cos 4t), scaled to radius 1. */
function heartOutline(): Outline {
  return Array.from({ length: 28 }, (_, index): [number, number] => {
    const t = (index * PI) / 14;
    const up = 13 * cos(t) - 5 * cos(2 * t) - 2 * cos(3 * t) - cos(4 * t);
    return [sin(t) ** 3, -(up + 2) / 16];
  });
}

/** Distance to the nearest edge; inside by the even-odd rule. */
function polygon(outline: Outline): Distance {
  return (x, y) => {
    let nearest = Infinity;
    let inside = false;
    for (const [index, [ax, ay]] of outline.entries()) {
      const [bx, by] = outline[(index + 1) % outline.length] as readonly [number, number];
      const dx = bx - ax;
      const dy = by - ay;
      const along = min(1, max(0, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)));
      nearest = min(nearest, hypot(x - ax - along * dx, y - ay - along * dy));
      if (ay > y !== by > y && x < ax + ((y - ay) / dy) * dx) inside = !inside;
    }
    return inside ? -nearest : nearest;
  };
}
