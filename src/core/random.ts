import { hash } from 'node:crypto';

/** A seeded stream of numbers. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform integer in [0, bound). */
  integer(bound: number): number;
  shuffle<T>(items: readonly T[]): T[];
}

/**
 * sfc32 over four words taken from the sha256 of the seed.
 * Source: C. Doty-Humphrey, PractRand (sfc32), 32-bit small fast counter.
 */
export function createRandom(seed: string): Random {
  const digest = hash('sha256', seed, 'buffer');
  let a = digest.readUInt32LE(0);
  let b = digest.readUInt32LE(4);
  let c = digest.readUInt32LE(8);
  let counter = 1;
  const word = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return sum >>> 0;
  };
  for (let i = 0; i < 12; i++) word();
  const next = (): number => ((word() >>> 5) * 67108864 + (word() >>> 6)) / 9007199254740992;
  const integer = (bound: number): number => Math.floor(next() * bound);
  return {
    next,
    integer,
    shuffle<T>(items: readonly T[]): T[] {
      const copy = [...items];
      for (let i = copy.length - 1; i > 0; i--) {
        const j = integer(i + 1);
        const kept = copy[i] as T;
        copy[i] = copy[j] as T;
        copy[j] = kept;
      }
      return copy;
    },
  };
}
