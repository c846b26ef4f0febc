import { createHash } from 'node:crypto';
import { open, readFile, stat } from 'node:fs/promises';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { errorMessage, usageError } from '../../core/index.ts';
import {
  itemsName,
  manifestName,
  pairRowSchema,
  pairsManifestSchema,
  pixelsName,
  textRowSchema,
  textsName,
  type PairRow,
  type PairsManifest,
} from './manifest.ts';
import { textHash } from './pair-table.ts';
import { damagedPairs } from './pairs-fault.ts';
import { locateTensor, safetensorsHeader } from './safetensors.ts';

/** An open pairs folder. Pixels stay on disk and are read by row. */
export interface Pairs {
  readonly folder: string;
  readonly manifest: PairsManifest;
  readonly rows: readonly PairRow[];
  readonly texts: readonly string[];
  /** [n, 3, size, size], RGB by planes, of the rows in the order given. Throws a usage error for a row that is not there. */
  pixels(rows: readonly number[]): Promise<Uint8Array>;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface ReadPairsOptions {
  /** Checks the pixels against the manifest's hash, which reads them all once. Texts and items are always checked. */
  readonly verify?: boolean | undefined;
}

/** The manifest of a folder whose files have the sizes that it says. Throws a FettleError `pairs-damaged`. */
export async function readManifest(folder: string): Promise<PairsManifest> {
  const path = join(folder, manifestName);
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw damagedPairs(path, `its manifest cannot be read (${errorMessage(cause)})`, cause);
  }
  const parsed = pairsManifestSchema.safeParse(value);
  if (!parsed.success) throw damagedPairs(path, z.prettifyError(parsed.error));
  const { items, image } = parsed.data;
  const pixels = join(folder, pixelsName);
  const found = await stat(pixels).catch(() => undefined);
  const header = safetensorsHeader('pixels', [items, 3, image.size, image.size]);
  const wanted = header.length + items * 3 * image.size * image.size;
  if (found?.size !== wanted) throw damagedPairs(pixels, `the pixels take ${found?.size ?? 0} bytes, not ${wanted}`);
  for (const name of [itemsName, textsName] as const) {
    if ((await stat(join(folder, name)).catch(() => undefined)) === undefined) {
      throw damagedPairs(join(folder, name), 'the file is missing');
    }
  }
  return parsed.data;
}

/**
 * Opens a pairs folder, for evaluation on the pixels that were trained on.
 * Throws a FettleError `pairs-damaged` for a folder that is not what its manifest says.
 */
export async function readPairs(folder: string, { verify = false }: ReadPairsOptions = {}): Promise<Pairs> {
  const manifest = await readManifest(folder);
  const { size } = manifest.image;
  const rows = await readLines(folder, itemsName, manifest.sha256[itemsName], pairRowSchema);
  const texts = (await readLines(folder, textsName, manifest.sha256[textsName], textRowSchema)).map(({ text }) => text);
  if (rows.length !== manifest.items || texts.length !== manifest.texts) {
    throw damagedPairs(folder, `${rows.length} items and ${texts.length} texts are not what the manifest says`);
  }
  const path = join(folder, pixelsName);
  if (verify) {
    const digest = createHash('sha256');
    for await (const chunk of createReadStream(path)) digest.update(chunk as Buffer);
    if (digest.digest('hex') !== manifest.sha256[pixelsName]) throw damagedPairs(path, 'the pixels have another hash');
  }
  const file = await open(path);
  const read = async (buffer: Uint8Array, at: number): Promise<void> => {
    for (let done = 0; done < buffer.length;) {
      const { bytesRead } = await file.read(buffer, done, buffer.length - done, at + done);
      if (bytesRead === 0) throw damagedPairs(path, 'the pixels end too early');
      done += bytesRead;
    }
  };
  try {
    const place = await locateTensor(
      'pixels',
      (await file.stat()).size,
      async (at, length) => {
        const buffer = Buffer.alloc(length);
        await read(buffer, at);
        return buffer;
      },
      path,
    );
    if (place.shape.join() !== [manifest.items, 3, size, size].join()) {
      throw damagedPairs(path, `the pixels have the shape [${place.shape.join(', ')}]`);
    }
    const rowBytes = 3 * size * size;
    return {
      folder,
      manifest,
      rows,
      texts,
      async pixels(wanted) {
        for (const row of wanted) {
          if (!Number.isSafeInteger(row) || row < 0 || row >= manifest.items) {
            throw usageError(`The pairs have no row ${row}`, {
              where: folder,
              hint: `Rows are 0 to ${manifest.items - 1}.`,
            });
          }
        }
        const pixels = new Uint8Array(wanted.length * rowBytes);
        for (let from = 0; from < wanted.length;) {
          const first = wanted[from] as number;
          let to = from + 1;
          while (to < wanted.length && wanted[to] === first + (to - from)) to++;
          await read(pixels.subarray(from * rowBytes, to * rowBytes), place.start + first * rowBytes);
          from = to;
        }
        return pixels;
      },
      close: () => file.close(),
      [Symbol.asyncDispose]: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function readLines<T>(folder: string, name: string, sha256: string, schema: z.ZodType<T>): Promise<T[]> {
  const path = join(folder, name);
  const text = await readFile(path, 'utf8');
  if (textHash(text) !== sha256) throw damagedPairs(path, 'the file has another hash');
  return text
    .split('\n')
    .slice(0, -1)
    .map((line, index) => {
      const parsed = schema.safeParse(JSON.parse(line));
      if (!parsed.success) throw damagedPairs(`${path}:${index + 1}`, z.prettifyError(parsed.error));
      return parsed.data;
    });
}
