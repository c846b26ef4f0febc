import { randomInt } from 'node:crypto';
import { usageError, type GenerationSettings } from '../../core/index.ts';

/** What llama.cpp's sampler is given. */
export interface Sampling {
  readonly temperature: number;
  readonly topK: number;
  readonly topP: number;
  readonly minP: number;
  readonly seed: number;
}

/** llama.cpp reads this seed as "take any". */
const anySeed = 0xff_ff_ff_ff;

/**
 * Temperature is 0 (greedy) where none is asked for. Top-k comes first, then top-p, then temperature: llama.cpp's
 * order. Both are off where absent. Without a seed a sampled text is different each time.
 * Throws a usage error for values that mean nothing.
 */
export function samplingOf(settings: GenerationSettings): Sampling {
  const { temperature = 0, topK = 0, topP = 1, seed } = settings;
  check('temperature', temperature, temperature >= 0 && Number.isFinite(temperature), 'a number from 0');
  check('topP', topP, topP > 0 && topP <= 1, 'a number above 0, at most 1');
  check('topK', topK, Number.isInteger(topK) && topK >= 0, 'a whole number; 0 is off');
  check('seed', seed, seed === undefined || Number.isSafeInteger(seed), 'a whole number');
  return { temperature, topK, topP, minP: 0, seed: seed === undefined ? randomInt(anySeed) : foldSeed(seed) };
}

/** Whole numbers to 32 bits, small ones unchanged. */
function foldSeed(seed: number): number {
  const high = Math.floor(seed / 2 ** 32);
  const folded = ((seed >>> 0) ^ Math.imul(high, 0x9e_37_79_b1)) >>> 0;
  return folded === anySeed ? 0 : folded;
}

/** Throws a usage error unless the value holds. */
export function check(field: string, value: unknown, holds: boolean, expected: string): void {
  if (holds) return;
  throw usageError(`${field} is ${String(value)}; a local model takes ${expected}`, { where: field });
}
