/** How many scaled pictures are kept for further tiles of theirs, and how many are decoded at once. */
const keptPictures = 3;
const decodedAtOnce = 2;

const kept = new Map<object, Promise<unknown>>();
const waiting: (() => void)[] = [];
let running = 0;

/**
 * What `make` gives, from memory where it was asked for a moment ago. Only a few results are kept, and only a few are
 * made at once, however many callers there are: tiles of one picture, asked for one after another, decode it once.
 */
export function recently<T>(key: object, make: () => Promise<T>): Promise<T> {
  const known = kept.get(key) as Promise<T> | undefined;
  const result = known ?? inTurn(make);
  kept.delete(key);
  kept.set(key, result);
  if (kept.size > keptPictures) kept.delete(kept.keys().next().value as object);
  if (known === undefined) result.catch(() => kept.delete(key));
  return result;
}

async function inTurn<T>(make: () => Promise<T>): Promise<T> {
  if (running >= decodedAtOnce) await new Promise<void>((resolve) => waiting.push(resolve));
  else running++;
  try {
    return await make();
  } finally {
    const next = waiting.shift();
    // The place is handed on rather than freed, so that nobody comes in between.
    if (next === undefined) running--;
    else next();
  }
}
