import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Version of an installed package, for identities. Reads its manifest; does not load it. */
export async function packageVersion(name: string): Promise<string> {
  let folder = dirname(fileURLToPath(import.meta.resolve(name)));
  for (;;) {
    const manifest = await readManifest(join(folder, 'package.json'));
    if (manifest.name === name && manifest.version !== undefined) return manifest.version;
    const above = dirname(folder);
    if (above === folder) throw new Error(`${name} has no manifest`);
    folder = above;
  }
}

async function readManifest(path: string): Promise<{ name?: string; version?: string }> {
  try {
    const content: unknown = JSON.parse(await readFile(path, 'utf8'));
    return typeof content === 'object' && content !== null ? content : {};
  } catch {
    return {};
  }
}
