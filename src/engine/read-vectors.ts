import { readFile } from 'node:fs/promises';
import { errorMessage, FettleError } from '../core/index.ts';
import { readSafetensorsHeader } from './safetensors.ts';

/** The fp32 tensors of a small safetensors file, by name, row after row. */
export async function readVectors(file: string): Promise<Readonly<Record<string, Float32Array>>> {
  const bytes = await readFile(file);
  const broken = (why: string): FettleError =>
    new FettleError(`The engine's vectors cannot be read: ${why}`, { code: 'engine-vectors', where: file });
  const places = await readSafetensorsHeader(bytes.length, (at, length) => bytes.subarray(at, at + length)).catch(
    (cause: unknown) => {
      throw broken(errorMessage(cause));
    },
  );
  const tensors: Record<string, Float32Array> = {};
  for (const [name, { dtype, start, bytes: size }] of places) {
    if (dtype !== 'F32' || size % 4 !== 0) throw broken(`${name} is ${dtype}, not F32`);
    // Copied, because the place in the file need not be a multiple of four.
    const from = bytes.byteOffset + start;
    tensors[name] = new Float32Array(bytes.buffer.slice(from, from + size));
  }
  return tensors;
}
