import { isUtf8 } from 'node:buffer';
import { cutSequenceLength, invalidUtf8Offset } from './invalid-utf8.ts';
import { report } from './row-fault.ts';
import type { ReadRowsOptions } from './row.ts';

/** Passes chunks on; the first byte of each chunk that is not UTF-8 is a fault with its line. */
export async function* checkedUtf8(
  chunks: AsyncIterable<Uint8Array>,
  label: string,
  { encoding = 'strict', onFault }: ReadRowsOptions,
): AsyncGenerator<Uint8Array> {
  if (encoding === 'lenient') {
    yield* chunks;
    return;
  }
  let line = 1;
  let offset = 0;
  /** The beginning of a sequence that the last chunk cut. */
  let carried: Uint8Array = new Uint8Array(0);
  const check = (bytes: Uint8Array, start: number): void => {
    if (isUtf8(bytes)) return;
    const bad = invalidUtf8Offset(bytes);
    const byte = (bytes[bad] ?? 0).toString(16).padStart(2, '0');
    report(
      label,
      {
        code: 'data-encoding',
        line: line + countNewLines(bytes.subarray(0, bad)),
        message: `byte ${start + bad} of the file (0x${byte}) is not UTF-8`,
        hint: 'Save the file as UTF-8, or read it leniently to replace such bytes.',
      },
      onFault,
    );
  };
  for await (const chunk of chunks) {
    const joined = carried.length === 0 ? chunk : Buffer.concat([carried, chunk]);
    const end = joined.length - cutSequenceLength(joined);
    const whole = joined.subarray(0, end);
    check(whole, offset);
    line += countNewLines(whole);
    offset += end;
    carried = joined.slice(end);
    yield chunk;
  }
  check(carried, offset);
}

function countNewLines(bytes: Uint8Array): number {
  let count = 0;
  for (let i = bytes.indexOf(10); i >= 0; i = bytes.indexOf(10, i + 1)) count++;
  return count;
}
