import { z } from 'zod';
import { FettleError } from '../../core/index.ts';

const maxHeaderBytes = 100_000_000;

/**
 * The first bytes of a safetensors file with one tensor of unsigned bytes: header length (8 bytes, little-endian),
 * then the header as JSON, filled up with blanks to a multiple of 8. The tensor's bytes follow.
 * Source: the format description of the safetensors library.
 */
export function safetensorsHeader(name: string, shape: readonly number[]): Buffer {
  const bytes = shape.reduce((product, side) => product * side, 1);
  const json = JSON.stringify({ [name]: { dtype: 'U8', shape, data_offsets: [0, bytes] } });
  const text = json.padEnd(Math.ceil(Buffer.byteLength(json) / 8) * 8, ' ');
  const header = Buffer.alloc(8 + text.length);
  header.writeBigUInt64LE(BigInt(text.length), 0);
  header.write(text, 8, 'utf8');
  return header;
}

const tensorSchema = z.object({
  dtype: z.literal('U8'),
  shape: z.array(z.int().min(0)),
  data_offsets: z.tuple([z.int().min(0), z.int().min(0)]),
});

export interface TensorPlace {
  readonly shape: readonly number[];
  /** First byte of the tensor within the file. */
  readonly start: number;
  readonly bytes: number;
}

/**
 * Where a tensor of unsigned bytes lies in a safetensors file. `read` gives `length` bytes from `at`.
 * Throws a FettleError `pairs-damaged` for a header that is cut, too large or at odds with the file's size.
 */
export async function locateTensor(
  name: string,
  fileBytes: number,
  read: (at: number, length: number) => Promise<Buffer>,
  where: string,
): Promise<TensorPlace> {
  const fault = (why: string): FettleError =>
    new FettleError(`${where} is no whole safetensors file: ${why}`, {
      code: 'pairs-damaged',
      where,
      hint: 'Remove the folder; it is made anew from the data.',
    });
  if (fileBytes < 10) throw fault('it is too short');
  const length = Number((await read(0, 8)).readBigUInt64LE(0));
  if (length > maxHeaderBytes || length + 8 > fileBytes) throw fault('its header is longer than the file');
  let header: unknown;
  try {
    header = JSON.parse((await read(8, length)).toString('utf8'));
  } catch {
    throw fault('its header is not JSON');
  }
  const parsed = z.object({ [name]: tensorSchema }).safeParse(header);
  if (!parsed.success) throw fault(`it has no tensor ${JSON.stringify(name)} of unsigned bytes`);
  const { shape, data_offsets: offsets } = parsed.data[name] as z.output<typeof tensorSchema>;
  const [from, to] = offsets;
  const bytes = shape.reduce((product, side) => product * side, 1);
  if (to - from !== bytes || 8 + length + to > fileBytes) throw fault('its tensor does not fit its shape');
  return { shape, start: 8 + length + from, bytes };
}
