/**
 * The seed of one of several paths to an answer, from 0. The first takes the sample's own, so that it is the same
 * request as that of a method which asks once; those of one epoch do not meet those of the next.
 */
export function pathSeed(seed: number, path: number): number {
  return path === 0 ? seed : seed * 1_000_003 + path;
}
