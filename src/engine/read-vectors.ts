import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { FettleError } from '../core/index.ts';

const headerSchema = z.record(
  z.string(),
  z.union([
    z.object({
      dtype: z.string(),
      shape: z.array(z.int().min(0)),
      data_offsets: z.tuple([z.int().min(0), z.int().min(0)]),
    }),
    z.record(z.string(), z.string()),
  ]),
);

/** The fp32 tensors of a small safetensors file, by name, row after row. */
export async function readVectors(file: string): Promise<Readonly<Record<string, Float32Array>>> {
  const bytes = await readFile(file);
  const broken = (why: string): FettleError =>
    new FettleError(`The engine's vectors cannot be read: ${why}`, { code: 'engine-vectors', where: file });
  if (bytes.length < 8) throw broken('the file is too short');
  const headerBytes = Number(bytes.readBigUInt64LE(0));
  if (headerBytes > bytes.length - 8) throw broken('its header is longer than the file');
  const header = headerSchema.parse(JSON.parse(bytes.toString('utf8', 8, 8 + headerBytes)));
  const tensors: Record<string, Float32Array> = {};
  for (const [name, tensor] of Object.entries(header)) {
    if (!Array.isArray(tensor['data_offsets'])) continue; // `__metadata__`
    const [from, to] = tensor['data_offsets'] as [number, number];
    if (tensor['dtype'] !== 'F32') throw broken(`${name} is ${String(tensor['dtype'])}, not F32`);
    if (to < from || 8 + headerBytes + to > bytes.length || (to - from) % 4 !== 0) throw broken(`${name} is cut`);
    // Copied, because the place in the file need not be a multiple of four.
    const start = bytes.byteOffset + 8 + headerBytes;
    tensors[name] = new Float32Array(bytes.buffer.slice(start + from, start + to));
  }
  return tensors;
}
