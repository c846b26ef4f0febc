import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { canonicalJson, sha256, type JsonValue } from '../../core/index.ts';
import { writeAtomically } from '../../report/index.ts';

/** Where the parts of one experiment lie. Names that come from data become safe folder names. */
export interface ExperimentFolder {
  readonly root: string;
  readonly cache: string;
  original(seed: number): string;
  arm(concept: string, arm: string, seed: number): string;
  sets(concept: string, name: string): string;
}

export function experimentFolder(root: string): ExperimentFolder {
  return {
    root,
    cache: join(root, 'cache'),
    original: (seed) => join(root, 'original', `seed-${seed}`),
    arm: (concept, arm, seed) => join(root, 'concepts', folderName(concept), arm, `seed-${seed}`),
    sets: (concept, name) => join(root, 'concepts', folderName(concept), `${name}.sets.json`),
  };
}

/** A name of at most 60 plain characters, told apart by a hash where the name had others. */
function folderName(name: string): string {
  const plain = name.replaceAll(/[^a-zA-Z0-9_-]+/g, '-').slice(0, 48);
  return plain === name ? plain : `${plain}-${sha256(name).slice(0, 8)}`;
}

/** Hash of plain data; what a finished part is recognised by. */
export function hashOf(value: unknown): string {
  return sha256(canonicalJson(JSON.parse(JSON.stringify(value)) as JsonValue));
}

/** Writes a JSON file whole or not at all. */
export async function writeJson(file: string, value: unknown): Promise<void> {
  await writeWhole(file, `${JSON.stringify(value)}\n`);
}

/** Writes a text file whole or not at all; its folder is made where missing. */
export async function writeWhole(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeAtomically(file, { force: true }, (handle) => handle.writeFile(text));
}

/** What a JSON file holds; undefined where there is none or it is broken. */
export async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch {
    return undefined;
  }
}
