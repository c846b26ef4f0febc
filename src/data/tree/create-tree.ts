import { createHash } from 'node:crypto';
import { FettleError } from '../../core/index.ts';
import type { DataEntry, DataTree } from './data-tree.ts';
import { nearestNames } from './nearest-names.ts';

export interface TreeParts {
  readonly kind: DataTree['kind'];
  readonly location: string;
  /** Finds the entries, once; notes what it leaves out. */
  readonly scan: (note: (text: string) => void) => Promise<readonly DataEntry[]>;
  readonly close?: () => Promise<void>;
}

/** Builds a tree over what one kind of storage finds: order, lookup, hashes. */
export function createTree({ kind, location, scan, close }: TreeParts): DataTree {
  const notes: string[] = [];
  const opened = new Set<string>();
  const hashes = new Map<string, string>();
  let scanning: Promise<{ sorted: readonly DataEntry[]; byPath: Map<string, DataEntry> }> | undefined;

  const watched = (entry: DataEntry): DataEntry => ({
    ...entry,
    stream() {
      opened.add(entry.path);
      return entry.stream();
    },
    bytes(options) {
      opened.add(entry.path);
      return entry.bytes(options);
    },
    ...(entry.range === undefined
      ? {}
      : {
          range(start: number, end: number) {
            opened.add(entry.path);
            return (entry.range as NonNullable<DataEntry['range']>)(start, end);
          },
        }),
  });

  const entries = () =>
    (scanning ??= scan((text) => notes.push(text)).then((found) => {
      const sorted = found.map(watched).sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
      const byPath = new Map<string, DataEntry>();
      for (const entry of sorted) byPath.set(entry.path.normalize('NFC'), entry);
      for (const entry of sorted) byPath.set(entry.path, entry);
      return { sorted, byPath };
    }));

  const get = async (path: string): Promise<DataEntry | undefined> => {
    const { byPath } = await entries();
    const plain = path
      .replaceAll('\\', '/')
      .split('/')
      .filter((segment) => segment !== '' && segment !== '.')
      .join('/');
    return byPath.get(path) ?? byPath.get(plain) ?? byPath.get(plain.normalize('NFC'));
  };

  const need = async (path: string): Promise<DataEntry> => {
    const entry = await get(path);
    if (entry !== undefined) return entry;
    const { sorted } = await entries();
    const paths = sorted.map((known) => known.path);
    const near = nearestNames(path, paths);
    throw new FettleError(`${location} holds no ${path}`, {
      code: 'data-missing',
      where: location,
      hint:
        near.length > 0
          ? `Did you mean ${near.join(' or ')}?`
          : paths.length === 0
            ? 'It holds no files at all.'
            : `It holds ${paths.slice(0, 5).join(', ')}${paths.length > 5 ? ` and ${paths.length - 5} more` : ''}.`,
    });
  };

  const hashOf = async (entry: DataEntry): Promise<string> => {
    const known = hashes.get(entry.path);
    if (known !== undefined) return known;
    const hash = createHash('sha256');
    for await (const chunk of entry.stream()) hash.update(chunk);
    const digest = hash.digest('hex');
    hashes.set(entry.path, digest);
    return digest;
  };

  const release = async (): Promise<void> => close?.();
  return {
    kind,
    location,
    notes,
    async list(keep) {
      const { sorted } = await entries();
      return keep === undefined ? sorted : sorted.filter((entry) => keep(entry.path));
    },
    get,
    need,
    async sha256(paths) {
      const chosen = await Promise.all([...new Set(paths ?? opened)].map(need));
      chosen.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
      const hash = createHash('sha256');
      for (const entry of chosen) hash.update(`${JSON.stringify(entry.path)} ${await hashOf(entry)}\n`);
      return hash.digest('hex');
    },
    close: release,
    [Symbol.asyncDispose]: release,
  };
}
