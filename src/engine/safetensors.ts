import { z } from 'zod';

const maxHeaderBytes = 100_000_000;

const tensorSchema = z.object({
  dtype: z.string(),
  shape: z.array(z.int().min(0)),
  data_offsets: z.tuple([z.int().min(0), z.int().min(0)]),
});
const headerSchema = z.record(z.string(), z.union([tensorSchema, z.record(z.string(), z.string())]));

export interface TensorPlace {
  readonly dtype: string;
  readonly shape: readonly number[];
  /** First byte within the file. */
  readonly start: number;
  readonly bytes: number;
}

/**
 * Where the tensors of a safetensors file lie: header length (8 bytes, little-endian), the header as JSON, the tensors.
 * `read` gives `length` bytes from `at`. Source: the format description of the safetensors library.
 * Throws an Error whose message says what is wrong with the file; callers say which file and how to mend it.
 */
export async function readSafetensorsHeader(
  fileBytes: number,
  read: (at: number, length: number) => Promise<Buffer> | Buffer,
): Promise<ReadonlyMap<string, TensorPlace>> {
  if (fileBytes < 10) throw new Error('it is too short');
  const length = Number((await read(0, 8)).readBigUInt64LE(0));
  if (length > maxHeaderBytes || length + 8 > fileBytes) throw new Error('its header is longer than the file');
  let json: unknown;
  try {
    json = JSON.parse((await read(8, length)).toString('utf8'));
  } catch {
    throw new Error('its header is not JSON');
  }
  const header = headerSchema.safeParse(json);
  if (!header.success) throw new Error(`its header is not right: ${z.prettifyError(header.error)}`);
  const places = new Map<string, TensorPlace>();
  for (const [name, entry] of Object.entries(header.data)) {
    const tensor = tensorSchema.safeParse(entry);
    if (!tensor.success) continue; // `__metadata__`
    const { dtype, shape, data_offsets: offsets } = tensor.data;
    const [from, to] = offsets;
    if (to < from || 8 + length + to > fileBytes)
      throw new Error(`the tensor ${JSON.stringify(name)} does not fit the file`);
    places.set(name, { dtype, shape, start: 8 + length + from, bytes: to - from });
  }
  return places;
}
