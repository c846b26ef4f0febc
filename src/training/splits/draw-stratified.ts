import { createRandom } from '../../core/index.ts';

/**
 * How many of each stratum a draw of `total` takes: in proportion, each share rounded up or down, by largest remainders
 * (T. Hare's and A. Hamilton's method of apportionment). Equal remainders are ordered by `seed`.
 */
export function apportion(sizes: readonly number[], total: number, seed: string): number[] {
  const all = sizes.reduce((sum, size) => sum + size, 0);
  if (all === 0) return sizes.map(() => 0);
  // In whole numbers: size * total = share * all + remainder.
  const shares = sizes.map((size) => Math.floor((size * total) / all));
  const order = createRandom(seed)
    .shuffle([...sizes.keys()])
    .sort((a, b) => remainder(b) - remainder(a));
  function remainder(index: number): number {
    return (sizes[index] as number) * total - (shares[index] as number) * all;
  }
  let left = total - shares.reduce((sum, share) => sum + share, 0);
  for (const index of order) {
    if (left <= 0) break;
    if (remainder(index) === 0) continue;
    shares[index] = (shares[index] as number) + 1;
    left--;
  }
  return shares;
}

/**
 * Draws `round(share * units.length)` units, in proportion from each stratum; `drawn` and `left` keep the given order.
 * The same seed gives the same draw in whatever order the units come, as long as `nameOf` is unique.
 */
export function drawStratified<T>(
  units: readonly T[],
  {
    share,
    seed,
    stratumOf,
    nameOf,
  }: {
    readonly share: number;
    readonly seed: string;
    readonly stratumOf: (unit: T) => string;
    readonly nameOf: (unit: T) => string;
  },
): { drawn: T[]; left: T[] } {
  const strata = new Map<string, T[]>();
  for (const unit of units) {
    const name = stratumOf(unit);
    const stratum = strata.get(name);
    if (stratum === undefined) strata.set(name, [unit]);
    else stratum.push(unit);
  }
  const names = [...strata.keys()].sort();
  const sizes = names.map((name) => strata.get(name)?.length ?? 0);
  const shares = apportion(sizes, Math.round(share * units.length), `${seed}:strata`);
  const chosen = new Set<T>();
  for (const [index, name] of names.entries()) {
    const ordered = [...(strata.get(name) ?? [])].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
    const shuffled = createRandom(`${seed}:stratum:${name}`).shuffle(ordered);
    for (const unit of shuffled.slice(0, shares[index])) chosen.add(unit);
  }
  return { drawn: units.filter((unit) => chosen.has(unit)), left: units.filter((unit) => !chosen.has(unit)) };
}
