import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

let known: string | undefined;

/** sha256 over this package's code as it lies on disk: a changed scorer shows in the run's record. */
export function codeHash(): string {
  if (known !== undefined) return known;
  const root = fileURLToPath(new URL('..', import.meta.url));
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|js)$/.test(name) && !name.endsWith('.test.ts'))
    .sort();
  const digest = createHash('sha256');
  for (const name of names) digest.update(`${name}\0`).update(readFileSync(join(root, name)));
  known = digest.digest('hex');
  return known;
}
