import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cohenKappa } from './kappa.ts';
import { raterAgreement } from './kappa-interval.ts';

describe('raterAgreement', () => {
  it("gives Cohen's kappa", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(1), fc.nat(1)), { minLength: 1, maxLength: 60 }), (pairs) => {
        const first = pairs.map(([a]) => a);
        const second = pairs.map(([, b]) => b);
        const expected = cohenKappa(first, second);
        const { kappa, agreement, low, high } = raterAgreement(first, second, { resamples: 100 });
        if (expected === null) expect(kappa).toBeNull();
        else expect(kappa).toBeCloseTo(expected, 12);
        expect(agreement).toBeCloseTo(pairs.filter(([a, b]) => a === b).length / pairs.length, 12);
        if (low !== null && high !== null) expect(low).toBeLessThanOrEqual(high);
      }),
      { numRuns: 100 },
    );
  });

  it('widens its interval where samples come in clusters', () => {
    // Sixty pairs four times over are no more evidence than sixty pairs.
    const first = Array.from({ length: 240 }, (_, i) => Number((i >> 2) % 3 === 0));
    const second = Array.from({ length: 240 }, (_, i) => Number((i >> 2) % 4 === 0));
    const clusters = first.map((_, i) => i >> 2);
    const width = ({ low, high }: { low: number | null; high: number | null }) => (high ?? NaN) - (low ?? NaN);
    expect(width(raterAgreement(first, second, { clusters }))).toBeGreaterThan(
      1.5 * width(raterAgreement(first, second)),
    );
  });

  it('says nothing where nothing can be said', () => {
    expect(raterAgreement([], [])).toEqual({ kappa: null, low: null, high: null, agreement: null, n: 0 });
    expect(raterAgreement([1, 1], [1, 1])).toMatchObject({ kappa: null, low: null, agreement: 1 });
    expect(raterAgreement([1, 0, 1, 0], [0, 0, 0, 0])).toMatchObject({ kappa: 0, low: null, high: null });
    expect(() => raterAgreement([2], [1])).toThrow(RangeError);
    expect(() => raterAgreement([1], [1, 0])).toThrow(RangeError);
  });
});
