import { errorMessage, FettleError } from '../../core/index.ts';
import { readSafetensorsHeader, type TensorPlace } from '../../engine/index.ts';

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
  const places = await readSafetensorsHeader(fileBytes, read).catch((cause: unknown) => {
    throw fault(errorMessage(cause));
  });
  const place = places.get(name);
  if (place?.dtype !== 'U8') throw fault(`it has no tensor ${JSON.stringify(name)} of unsigned bytes`);
  if (place.bytes !== place.shape.reduce((product, side) => product * side, 1)) {
    throw fault('its tensor does not fit its shape');
  }
  return place;
}
