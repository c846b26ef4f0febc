import { realpathSync } from 'node:fs';

const key = Symbol.for('fettle.open-stores');

/**
 * How many times this process has each folder's database open, over all copies of this package.
 * Files of an open database must not be opened by other means: closing them drops SQLite's locks (POSIX).
 */
const counts = ((globalThis as { [key]?: Map<string, number> })[key] ??= new Map<string, number>());

export function isOpenHere(folder: string): boolean {
  return (counts.get(realpathSync(folder)) ?? 0) > 0;
}

/** Gives the function that says that it is closed again. */
export function countOpen(folder: string): () => void {
  const real = realpathSync(folder);
  counts.set(real, (counts.get(real) ?? 0) + 1);
  return () => void counts.set(real, (counts.get(real) ?? 1) - 1);
}
