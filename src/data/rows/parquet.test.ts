import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DataFault } from '../../core/index.ts';
import { bytesSource } from '../bytes/bytes-source.ts';
import { fileSource } from '../bytes/file-source.ts';
import { cellBytes } from './binary-cell.ts';
import { readRowBatches, readRows } from './read-rows.ts';

const image = new Uint8Array([0x89, 0x50, 0xff, 0x00]);
const many = Array.from({ length: 2500 }, (_, index) => index);

const bytes = new Uint8Array(
  parquetWriteBuffer({
    columnData: [
      { name: 'question', data: ['a', 'b é', null], type: 'STRING' },
      { name: 'count', data: [1n, 9007199254740993n, -5n], type: 'INT64' },
      { name: 'score', data: [0.5, Number.NaN, 2], type: 'DOUBLE' },
      { name: 'image', data: [image, image, image], type: 'BYTE_ARRAY' },
      { name: 'when', data: [new Date('2024-05-06T07:08:09.120Z'), new Date(0), new Date(-1)], type: 'TIMESTAMP' },
      { name: 'nested', data: [{ a: [1, 2] }, { b: 'x' }, null], type: 'JSON' },
    ],
  }),
);
const grouped = new Uint8Array(
  parquetWriteBuffer({
    columnData: [
      { name: 'n', data: many, type: 'INT32' },
      { name: 'text', data: many.map(String), type: 'STRING' },
    ],
    rowGroupSize: 600,
  }),
);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fettle-parquet-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('Parquet', () => {
  it('reads every type as JSON, binary columns as cells with bytes beside', async () => {
    const rows = await Array.fromAsync(readRows(bytesSource(bytes, 'x.parquet')));
    expect(rows.map(({ value, line, row }) => ({ ...value, image: cellBytes(value['image']), line, row }))).toEqual([
      {
        question: 'a',
        count: 1,
        score: 0.5,
        image,
        when: '2024-05-06T07:08:09.12Z',
        nested: { a: [1, 2] },
        line: 1,
        row: 0,
      },
      {
        question: 'b é',
        count: '9007199254740993',
        score: null,
        image,
        when: '1970-01-01T00:00:00Z',
        nested: { b: 'x' },
        line: 2,
        row: 1,
      },
      { question: null, count: -5, score: 2, image, when: '1969-12-31T23:59:59.999Z', nested: null, line: 3, row: 2 },
    ]);
    expect(JSON.stringify(rows[0]?.value['image'])).toBe('{"byteLength":4}');
    expect(cellBytes({ byteLength: 4 })).toBeUndefined();
  });

  it('streams row groups from a file by ranges, from gzip and from bytes without a name', async () => {
    const path = join(folder, 'x.parquet');
    await writeFile(path, grouped);
    let ranges = 0;
    const source = fileSource(path, { size: grouped.length });
    const counted = {
      ...source,
      stream: () => {
        throw new Error('the file was read whole');
      },
      range: (start: number, end: number) => (ranges++, (source.range as NonNullable<typeof source.range>)(start, end)),
    };
    const expected = many.map((n) => ({ n, text: String(n) }));
    const batches = await Array.fromAsync(readRowBatches(counted));
    expect(Math.max(...batches.map((batch) => batch.length))).toBeLessThanOrEqual(600);
    expect(batches.flat().map(({ value }) => value)).toEqual(expected);
    expect(ranges).toBeGreaterThan(4);
    for (const other of [path, bytesSource(gzipSync(grouped), 'x.parquet.gz'), bytesSource(grouped, 'data')]) {
      expect((await Array.fromAsync(readRows(other))).map(({ value }) => value)).toEqual(expected);
    }
  });

  it('reads chosen columns alone', async () => {
    const rows = await Array.fromAsync(readRows(bytesSource(bytes, 'x.parquet'), { select: ['question'] }));
    expect(Object.keys(rows[0]?.value ?? {})).toEqual(['question']);
    const reading = Array.fromAsync(readRows(bytesSource(bytes, 'x.parquet'), { select: ['answer'] }));
    await expect(reading).rejects.toMatchObject({
      code: 'data-invalid',
      hint: expect.stringMatching(/question, count/) as string,
    });
  });

  it('says when the file is cut or something else', async () => {
    for (const wrong of [bytes.slice(0, 200), bytes.slice(100), Buffer.from('PAR1 no PAR1'), new Uint8Array(0)]) {
      await expect(Array.fromAsync(readRows(bytesSource(wrong, 'x.parquet')))).rejects.toMatchObject({
        code: 'data-invalid',
        where: 'x.parquet',
      });
    }
    const faults: DataFault[] = [];
    await Array.fromAsync(
      readRows(bytesSource(bytes.slice(100), 'x.parquet'), { onFault: (fault) => faults.push(fault) }),
    );
    expect(faults).toHaveLength(1);
  });
});
