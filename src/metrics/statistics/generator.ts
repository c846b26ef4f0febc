/** A seeded stream of 32-bit words, for resampling. */
export interface Generator {
  /** Uniform integer in [0, 2^32). */
  word(): number;
  /** The four words of the state, for loops that step it themselves. */
  readonly state: Uint32Array;
}

/**
 * sfc32 (C. Doty-Humphrey, PractRand), seeded by SplitMix32 steps over the seed's characters.
 * The same seed gives the same stream on every machine.
 */
export function createGenerator(seed: number | string): Generator {
  let mixed = 0x9e3779b9;
  const next = (salt: number): number => {
    mixed = (mixed + 0x9e3779b9 + salt) | 0;
    let word = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
    word = Math.imul(word ^ (word >>> 15), 0x735a2d97);
    mixed ^= salt;
    return (word ^ (word >>> 15)) >>> 0;
  };
  for (const character of String(seed)) mixed ^= next(character.codePointAt(0) as number);
  const state = Uint32Array.of(next(1), next(2), next(3), 1);
  const word = (): number => {
    const a = state[0] as number;
    const b = state[1] as number;
    const c = state[2] as number;
    const counter = state[3] as number;
    const sum = (a + b + counter) >>> 0;
    state[3] = counter + 1;
    state[0] = b ^ (b >>> 9);
    state[1] = c + (c << 3);
    state[2] = ((c << 21) | (c >>> 11)) + sum;
    return sum;
  };
  for (let i = 0; i < 12; i++) word();
  return { word, state };
}
