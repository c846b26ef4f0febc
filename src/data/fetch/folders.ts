import { homedir } from 'node:os';
import { join } from 'node:path';
import { usageError } from '../../core/index.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where `fettle data pull NAME` puts a data set: below FETTLE_DATA, else `$XDG_DATA_HOME/fettle/data` (`~/.local/share`). */
export function dataFolder(name: string, environment: Environment = process.env): string {
  if (!/^[a-z0-9][a-z0-9._-]*$/i.test(name)) {
    throw usageError(`${JSON.stringify(name)} cannot be the name of a data set`, {
      hint: 'Letters, digits, dots, hyphens and underscores are taken.',
    });
  }
  const { FETTLE_DATA, XDG_DATA_HOME } = environment;
  const root = FETTLE_DATA || join(XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'fettle', 'data');
  return join(root, name);
}

/** What can be fetched again: `$XDG_CACHE_HOME/fettle` (`~/.cache`). */
export function cacheFolder(environment: Environment = process.env): string {
  return join(environment['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'fettle');
}
