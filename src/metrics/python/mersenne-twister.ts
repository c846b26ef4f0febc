const length = 624;
const middle = 397;

/**
 * CPython's `random` module: MT19937 (M. Matsumoto, T. Nishimura, ACM TOMACS 8, 1998), seeded as `random.seed(n)` does,
 * by the array of 32-bit words of `n`.
 */
export interface PythonRandom {
  /** `random.getrandbits(bits)` for 1 to 32 bits. */
  bits(bits: number): number;
  /** Place that `random.choice` picks among `count`; draws again as long as the bits overshoot. */
  choice(count: number): number;
}

/** The stream after `random.seed(seed)`. @throws RangeError for a seed that is no integer from 0 below 2^53. */
export function createPythonRandom(seed: number): PythonRandom {
  if (!Number.isSafeInteger(seed) || seed < 0) throw new RangeError(`createPythonRandom: seed ${seed}`);
  const state = seededState(seed < 2 ** 32 ? [seed] : [seed >>> 0, Math.floor(seed / 2 ** 32)]);
  let next = length;
  const word = (): number => {
    if (next === length) {
      twist(state);
      next = 0;
    }
    let y = state[next++] as number;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  };
  const bits = (count: number): number => word() >>> (32 - count);
  return {
    bits,
    choice(count) {
      if (!Number.isInteger(count) || count < 1 || count >= 2 ** 32) throw new RangeError(`choice among ${count}`);
      const width = 32 - Math.clz32(count);
      let place = bits(width);
      while (place >= count) place = bits(width);
      return place;
    },
  };
}

function seededState(key: readonly number[]): Uint32Array {
  const state = new Uint32Array(length);
  const at = (i: number): number => state[i] as number;
  state[0] = 19650218;
  for (let i = 1; i < length; i++) state[i] = Math.imul(1812433253, at(i - 1) ^ (at(i - 1) >>> 30)) + i;
  let i = 1;
  for (let step = 0, j = 0; step < length; step++) {
    state[i] = (at(i) ^ Math.imul(at(i - 1) ^ (at(i - 1) >>> 30), 1664525)) + (key[j] as number) + j;
    if (++i === length) {
      state[0] = at(length - 1);
      i = 1;
    }
    j = (j + 1) % key.length;
  }
  for (let step = 0; step < length - 1; step++) {
    state[i] = (at(i) ^ Math.imul(at(i - 1) ^ (at(i - 1) >>> 30), 1566083941)) - i;
    if (++i === length) {
      state[0] = at(length - 1);
      i = 1;
    }
  }
  state[0] = 0x80000000;
  return state;
}

function twist(state: Uint32Array): void {
  for (let i = 0; i < length; i++) {
    const y = ((state[i] as number) & 0x80000000) | ((state[(i + 1) % length] as number) & 0x7fffffff);
    state[i] = (state[(i + middle) % length] as number) ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
  }
}
