import type { SplitName } from './image-set.ts';

const names: ReadonlyMap<string, SplitName> = new Map([
  ['train', 'train'],
  ['training', 'train'],
  ['val', 'validation'],
  ['valid', 'validation'],
  ['validation', 'validation'],
  ['dev', 'validation'],
  ['test', 'test'],
  ['testing', 'test'],
]);

/** The split that a folder, a column or a list calls so, in any of the usual spellings. */
export function splitName(text: string): SplitName | undefined {
  return names.get(text.trim().toLowerCase());
}

/** The split in an archive's name: `cifar100-test.tar` → test. Undefined where there is none or more than one. */
export function splitOfArchive(name: string): SplitName | undefined {
  const found = new Set(
    name
      .toLowerCase()
      .replace(/\.(?:tar|zip|tgz|gz)+/g, '')
      .split(/[^a-z]+/)
      .flatMap((word) => splitName(word) ?? []),
  );
  return found.size === 1 ? [...found][0] : undefined;
}
