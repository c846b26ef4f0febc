import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { FettleError } from '../../core/index.ts';

const hex = z.string().regex(/^[0-9a-f]{64}$/);

/** `clip.json`, which the engine's export writes beside the ONNX files. */
const clipInfoSchema = z.object({
  version: z.literal(1),
  kind: z.string(),
  /** Side of the pictures in pixels. */
  imageSize: z.int().min(1).max(4096),
  mean: z.tuple([z.number(), z.number(), z.number()]),
  std: z.tuple([z.number().positive(), z.number().positive(), z.number().positive()]),
  resample: z.literal('bicubic'),
  /** Numbers of a vector. */
  width: z.int().min(1).max(65_536),
  /** What cosines are multiplied with before a softmax or, with `bias` added, a sigmoid. */
  scale: z.number(),
  bias: z.number().nullable(),
  maxTokens: z.int().min(2).max(65_536),
  padToken: z.int().min(0),
  sha256: z.object({ 'vision.onnx': hex, 'text.onnx': hex, 'tokenizer.json': hex }),
});

export type ClipInfo = z.output<typeof clipInfoSchema>;

/** An exported image-text model whose files are what its record says. */
export interface ClipFiles {
  readonly name: string;
  readonly folder: string;
  readonly info: ClipInfo;
}

/**
 * Finds the ONNX files of a folder, or of the `onnx` folder of a checkpoint, and checks their hashes.
 * Throws `encoder-missing` where files are missing and `encoder-invalid` where they are not what clip.json says.
 */
export async function clipFiles(path: string): Promise<ClipFiles> {
  const root = resolve(path);
  const candidates = [root, join(root, 'onnx')];
  const found = await Promise.all(candidates.map((folder) => isFile(join(folder, 'clip.json'))));
  const folder = candidates[found.indexOf(true)];
  if (folder === undefined) {
    throw new FettleError(`There is no exported image-text model in ${root}`, {
      code: 'encoder-missing',
      where: root,
      hint: 'The folder needs clip.json, vision.onnx, text.onnx and tokenizer.json: train with --onnx, or export the checkpoint.',
    });
  }
  const record = join(folder, 'clip.json');
  let value: unknown;
  try {
    value = JSON.parse(await readFile(record, 'utf8'));
  } catch (cause) {
    throw invalid(record, 'clip.json is not JSON', cause);
  }
  const parsed = clipInfoSchema.safeParse(value);
  if (!parsed.success) throw invalid(record, `clip.json is not right: ${z.prettifyError(parsed.error)}`);
  for (const [file, sha256] of Object.entries(parsed.data.sha256)) {
    const place = join(folder, file);
    if (!(await isFile(place))) {
      throw new FettleError(`The file ${file} of the exported model is missing`, {
        code: 'encoder-missing',
        where: place,
        hint: 'Export the checkpoint again.',
      });
    }
    if ((await sha256Of(place)) !== sha256) throw invalid(place, `${file} is not the file that clip.json describes`);
  }
  const name = basename(folder) === 'onnx' ? basename(dirname(folder)) : basename(folder);
  return { name, folder, info: parsed.data };
}

/** Computed anew each time: a note of an earlier hash lies in the same folder and could be forged with the file. */
async function sha256Of(path: string): Promise<string> {
  const digest = createHash('sha256');
  await pipeline(createReadStream(path), digest);
  return digest.digest('hex');
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() === true;
}

function invalid(where: string, message: string, cause?: unknown): FettleError {
  return new FettleError(message, {
    code: 'encoder-invalid',
    where,
    hint: 'Export the checkpoint again; weights, tokenizer and clip.json belong together.',
    cause,
  });
}
