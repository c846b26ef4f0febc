import { gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DataFault, JsonObject } from '../../core/index.ts';
import { bytesSource } from '../bytes/bytes-source.ts';
import { csvChunks } from './csv.ts';
import { flatten } from './flatten.ts';
import { jsonLinesChunks } from './jsonl.ts';
import { hasLongDigits } from './parse-json.ts';
import { readJson } from './read-json.ts';
import { openRows, readRows } from './read-rows.ts';
import type { ReadRowsOptions, Row } from './row.ts';
import { textChunks } from './text-chunks.ts';

const read = (content: string | Uint8Array, name: string, options: ReadRowsOptions = {}): Promise<Row[]> =>
  Array.fromAsync(readRows(bytesSource(content, name), options));

/** Bytes a few at a time, as a slow disk or network might give them. */
async function* choppy(content: Uint8Array | string, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(content);
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length] ?? 1;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

/** Rows of a text in pieces, past the look at the first bytes that `readRows` takes. */
const choppyLines = (content: Uint8Array | string, sizes: readonly number[], options: ReadRowsOptions = {}) => {
  const chunks = textChunks(choppy(content, sizes), { label: 'x.jsonl', encoding: 'strict' });
  return Array.fromAsync(flatten(jsonLinesChunks(chunks, 'x.jsonl', options)));
};
const choppyTable = (content: Uint8Array | string, sizes: readonly number[]) =>
  Array.fromAsync(flatten(csvChunks(choppy(content, sizes), 'x.csv', { delimiter: ',' })));

/** Any JSON value but integers beyond 2^53, which are read as text on purpose. */
const plainJson = (value: unknown): JsonObject =>
  JSON.parse(JSON.stringify(value), (_key, part: unknown) =>
    typeof part === 'number' && Math.abs(part) > Number.MAX_SAFE_INTEGER ? 0.5 : part,
  ) as JsonObject;

async function faultsOf(content: string | Uint8Array, name: string, options: ReadRowsOptions = {}) {
  const faults: DataFault[] = [];
  const rows = await read(content, name, { ...options, onFault: (fault) => faults.push(fault) });
  return { rows, faults };
}

describe('JSON Lines', () => {
  it('skips blank lines, takes CR LF, a byte order mark and a last line without an end', async () => {
    const rows = await read('\ufeff{"a":1}\r\n\r\n  \n{"a":2}\n\n{"a":3}', 'x.jsonl');
    expect(rows).toEqual([
      { value: { a: 1 }, line: 1, row: 0 },
      { value: { a: 2 }, line: 4, row: 1 },
      { value: { a: 3 }, line: 6, row: 2 },
    ]);
  });

  it('gives back any rows, however the bytes are cut', async () => {
    const record = fc
      .dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ stringUnit: 'binary' }), { maxKeys: 4 })
      .map(plainJson);
    await fc.assert(
      fc.asyncProperty(
        fc.array(record),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
        async (records, sizes) => {
          const text = records.map((value) => JSON.stringify(value)).join('\n');
          const rows = await choppyLines(text, sizes);
          expect(rows.map(({ value }) => JSON.stringify(value))).toEqual(records.map((value) => JSON.stringify(value)));
          expect(rows.map(({ line }) => line)).toEqual(records.map((_, index) => index + 1));
        },
      ),
      { numRuns: 150 },
    );
  });

  it.each([
    ['{"a": 1}\n{"a": NaN}', 2, 7, /NaN is not JSON/, /null/],
    ['{"a": 1}\n{"a": -Infinity}', 2, 7, /-Infinity is not JSON/, /null/],
    ["{'a': 1}", 1, 2, /double quotes/, /Python/],
    ['{"a": True}', 1, 7, /True is not JSON/, /Python/],
    ['{"a": 1,}', 1, 9, /double quotes but found "}"/, /comma/],
    ['{"a": 1}\n{"a": "x', 2, 9, /not closed/, /cut/],
    ['{"a": "x\ty"}', 1, 9, /U\+0009/, /\\t/],
    ['{"a": 01}', 1, 8, /followed by "1"/, undefined],
    ['{"a": "\\x41"}', 1, 8, /no JSON escape/, /backslash/],
    ['{"a":1} {"a":2}', 1, 9, /more text/, undefined],
    ['[1, 2]\n{"a": 1}', 1, undefined, /an array/, /field/],
    ['{"a": 1}\nnull', 2, undefined, /this is null/, undefined],
  ])('refuses %j with line and column', async (text, line, column, message, hint) => {
    const error = await read(text, 'x.jsonl').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'data-invalid',
      where: column === undefined ? `x.jsonl:${line}` : `x.jsonl:${line}:${column}`,
      message: expect.stringMatching(message) as string,
    });
    if (hint !== undefined) expect((error as { hint: string }).hint).toMatch(hint);
  });

  it('gives the rows before a fault, then throws', async () => {
    const seen: JsonObject[] = [];
    const reading = (async () => {
      for await (const { value } of readRows(bytesSource('{"a":1}\n{"a":2}\noops', 'x.jsonl'))) seen.push(value);
    })();
    await expect(reading).rejects.toThrow('x.jsonl, line 3');
    expect(seen).toEqual([{ a: 1 }, { a: 2 }]);
  });

  it('goes on after faults when they are collected', async () => {
    const { rows, faults } = await faultsOf('{"a":1}\noops\n[]\n{"a":2}\n', 'x.jsonl');
    expect(rows.map(({ row, line }) => [row, line])).toEqual([
      [0, 1],
      [1, 4],
    ]);
    expect(faults).toMatchObject([
      { file: 'x.jsonl', line: 2, severity: 'error' },
      { file: 'x.jsonl', line: 3, severity: 'error' },
    ]);
  });

  it('names the line and byte that are not UTF-8, or replaces them when lenient', async () => {
    const bytes = Buffer.from('{"a":"ok"}\n{"a":"caf\xe9"}\n{"a":"ü"}\n', 'latin1');
    bytes.set(Buffer.from('{"a":"x"}\n'), bytes.length - 10);
    await expect(read(bytes, 'x.jsonl')).rejects.toMatchObject({ code: 'data-encoding', where: 'x.jsonl:2:10' });
    expect((await faultsOf(bytes, 'x.jsonl')).rows.map(({ line }) => line)).toEqual([1, 3]);
    expect((await read(bytes, 'x.jsonl', { encoding: 'lenient' }))[1]?.value).toEqual({ a: 'caf\ufffd' });
  });

  it('limits lines, and finds its way after a long one', async () => {
    const text = `{"a":"${'x'.repeat(5000)}"}\n{"a":2}\n`;
    await expect(read(text, 'x.jsonl', { maxLineBytes: 1000 })).rejects.toMatchObject({
      code: 'data-too-large',
      where: 'x.jsonl:1',
    });
    const faults: DataFault[] = [];
    const rows = await choppyLines(text, [700], { maxLineBytes: 1000, onFault: (fault) => faults.push(fault) });
    expect(faults).toHaveLength(1);
    expect(rows).toEqual([{ value: { a: 2 }, line: 2, row: 0 }]);
  });

  it('keeps integers that a double cannot hold apart', async () => {
    const rows = await read('{"id":9007199254740993}\n{"id":9007199254740992}\n{"x":0.1234567890123456}', 'x.jsonl');
    expect(rows.map(({ value }) => value)).toEqual([
      { id: '9007199254740993' },
      { id: '9007199254740992' },
      { x: 0.1234567890123456 },
    ]);
  });

  it('finds every long run of digits', () => {
    const text = fc.array(fc.oneof(fc.constantFrom('a', '.', '-'), fc.stringMatching(/^\d{1,20}$/)), { maxLength: 6 });
    fc.assert(
      fc.property(text, (parts) => hasLongDigits(parts.join('')) === /\d{16}/.test(parts.join(''))),
      { numRuns: 500 },
    );
  });

  it('reads UTF-16 with a byte order mark', async () => {
    const little = Buffer.from('\ufeff{"a":"漢😀"}\n{"a":2}', 'utf16le');
    const big = Buffer.from(little).swap16();
    for (const bytes of [little, big]) {
      const rows = await choppyLines(bytes, [3]);
      expect(rows.map(({ value }) => value)).toEqual([{ a: '漢😀' }, { a: 2 }]);
    }
  });

  it('survives hostile nesting', async () => {
    await expect(read(`${'['.repeat(200_000)}`, 'x.jsonl')).rejects.toMatchObject({ code: 'data-invalid' });
    const deep = `{"n":1234567890123456789,"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}`;
    await expect(read(`${deep}\n{}`, 'x.jsonl')).rejects.toMatchObject({ code: 'data-invalid' });
  });

  it('gives values of any type where they are asked for', async () => {
    const values = async (text: string, name: string) =>
      (await Array.fromAsync(openRows(bytesSource(text, name)))).map(({ value, line }) => [value, line]);
    const expected = [
      ['a text', 1],
      [null, 2],
      [[1], 3],
      [{ a: 1 }, 4],
    ];
    expect(await values('"a text"\nnull\n[1]\n{"a":1}\n', 'x.jsonl')).toEqual(expected);
    expect(await values('["a text",\nnull,\n[1],\n{"a":1}]', 'x.json')).toEqual(expected);
  });

  it('takes next() calls made at once in order', async () => {
    const rows = readRows(bytesSource('{"a":1}\n{"a":2}\n{"a":3}\n', 'x.jsonl'));
    const results = await Promise.all([rows.next(), rows.next(), rows.next(), rows.next()]);
    expect(results.map(({ value }) => (value as Row | undefined)?.value['a'])).toEqual([1, 2, 3, undefined]);
  });
});

describe('compression', () => {
  const text = '{"a":1}\n{"a":2}\n';

  it('reads gzip and zstd, known by their bytes', async () => {
    for (const packed of [
      gzipSync(text),
      zstdCompressSync(text),
      Buffer.concat([gzipSync('{"a":1}\n'), gzipSync('{"a":2}\n')]),
    ]) {
      expect(await read(packed, 'x.jsonl.gz')).toHaveLength(2);
      expect(await read(packed, 'x.jsonl')).toHaveLength(2);
    }
  });

  it('says when a gzip file is cut or damaged', async () => {
    const packed = gzipSync(Array.from({ length: 5000 }, (_, i) => `{"a":${i * 7919}}`).join('\n'));
    await expect(read(packed.subarray(0, packed.length - 20), 'x.jsonl.gz')).rejects.toMatchObject({
      code: 'data-truncated',
      where: 'x.jsonl.gz',
    });
    const damaged = Buffer.from(packed);
    damaged.fill(0xaa, 200, 260);
    await expect(read(damaged, 'x.jsonl.gz')).rejects.toMatchObject({ code: 'data-corrupt' });
  });
});

describe('JSON documents', () => {
  it('finds the rows of an array, of the one field that is a list, and of an object of objects', async () => {
    expect(await read('[\n {"a":1},\n\n {"a":2}]', 'x.json')).toEqual([
      { value: { a: 1 }, line: 2, row: 0 },
      { value: { a: 2 }, line: 4, row: 1 },
    ]);
    expect(await read('{"version": "[{",\n "data": [\n{"a":"]"},\n{"a":"\\"}"}]}', 'x.json')).toMatchObject([
      { value: { a: ']' }, line: 3 },
      { value: { a: '"}' }, line: 4 },
    ]);
    expect(await read('{"b": {"x":{}},\n"1": {"x":2}}', 'x.json')).toEqual([
      { value: { x: 2 }, line: 2, row: 0, key: '1' },
      { value: { x: {} }, line: 1, row: 1, key: 'b' },
    ]);
    expect(await read('{"a": 1,\n"b": [1]}', 'x.json')).toEqual([{ value: { a: 1, b: [1] }, line: 1, row: 0 }]);
  });

  it('recognises JSON Lines named .json, and a document named .jsonl', async () => {
    expect(await read('{"a":1}\n{"a":2}\n', 'x.json')).toHaveLength(2);
    expect(await read(`{"a":"${'x'.repeat(100_000)}"}\n{"a":2}\n`, 'x.json')).toHaveLength(2);
    expect(await read('{"a":[{"b":1}]}\n', 'x.jsonl')).toEqual([{ value: { a: [{ b: 1 }] }, line: 1, row: 0 }]);
    for (const pretty of [
      '[\n  {\n    "a": 1\n  }\n]',
      '{\n  "data": [\n {"a": 1}\n]}',
      '[{"a": 1}]',
      '[{"a":\n 1}]',
      '[ {\n"a": 1}]',
      '[{"z":0,\n"a": 1}]',
    ]) {
      expect((await read(pretty, 'x.jsonl'))[0]?.value['a'], pretty).toBe(1);
    }
  });

  it('gives line and column of what is no JSON', async () => {
    await expect(read('[\n {"a": 1},\n {"a": nan}\n]', 'x.json')).rejects.toMatchObject({ where: 'x.json:3:8' });
    await expect(read('[\n {"a": 1},', 'x.json')).rejects.toMatchObject({
      where: 'x.json:2:11',
      hint: expect.stringMatching(/cut/) as string,
    });
    await expect(readJson(bytesSource('{"a" 1}', 'x.json'))).rejects.toMatchObject({ where: 'x.json:1:6' });
    expect((await faultsOf('[{"a": 1}, 2, {"a": 3}]', 'x.json')).rows.map(({ row }) => row)).toEqual([0, 1]);
  });

  it('refuses a document above the limit', async () => {
    await expect(read(`[${'{},'.repeat(1000)}{}]`, 'x.json', { maxDocumentBytes: 100 })).rejects.toMatchObject({
      code: 'data-too-large',
    });
  });

  it('finds the line of every element of any document', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.dictionary(fc.string(), fc.jsonValue()).map(plainJson), { minLength: 2 }),
        fc.integer({ min: 0, max: 3 }),
        async (records, indent) => {
          const text = JSON.stringify(records, null, indent);
          const rows = await read(text, 'x.json', { format: 'json' });
          const lines = text.split('\n');
          expect(rows.map(({ value }) => JSON.stringify(value))).toEqual(records.map((value) => JSON.stringify(value)));
          if (indent > 0) for (const { line } of rows) expect(lines[line - 1]).toMatch(new RegExp(`^ {${indent}}\\{`));
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('CSV and TSV', () => {
  it('reads quotes, line ends in cells, a byte order mark and CR LF, with the line of each record', async () => {
    const text = '\ufeffid,text\r\n1,"a, ""b"""\r\n\r\n2,"two\r\nlines\nthree"\r\n3,plain "quoted" text\r\n';
    expect(await read(text, 'x.csv')).toEqual([
      { value: { id: '1', text: 'a, "b"' }, line: 2, row: 0 },
      { value: { id: '2', text: 'two\r\nlines\nthree' }, line: 4, row: 1 },
      { value: { id: '3', text: 'plain "quoted" text' }, line: 7, row: 2 },
    ]);
    expect(await read('a\tb\n1,5\t"x\ty"\n', 'x.tsv')).toMatchObject([{ value: { a: '1,5', b: 'x\ty' } }]);
  });

  it('gives back any table, however the bytes are cut', async () => {
    const cell = fc.string({ unit: fc.constantFrom('a', 'é', '😀', '"', ',', '\n', '\r\n', ' ', ';') });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(cell, cell, cell), { maxLength: 8 }),
        fc.array(fc.integer({ min: 1, max: 11 }), { minLength: 1 }),
        fc.constantFrom('\n', '\r\n'),
        async (table, sizes, end) => {
          const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
          const records = ['a,b,c', ...table.map((cells) => cells.map(quoted).join(','))];
          const text = records.join(end) + end;
          const rows = await choppyTable(text, sizes);
          expect(rows.map(({ value }) => [value['a'], value['b'], value['c']])).toEqual(table);
          const before = records.map(
            (_, index) => 1 + (records.slice(0, index).join(end) + (index > 0 ? end : '')).split(/\r\n|\n/).length - 1,
          );
          expect(rows.map(({ line }) => line)).toEqual(before.slice(1));
        },
      ),
      { numRuns: 150 },
    );
  });

  it('reports ragged records with their line', async () => {
    await expect(read('a,b\n1,2\n3\n', 'x.csv')).rejects.toMatchObject({
      where: 'x.csv:3',
      message: expect.stringMatching(/1 cell, the header 2/) as string,
    });
    const { rows, faults } = await faultsOf('a,b\n1,2\n3\n"x\ny",4,5\n6,7\n', 'x.csv');
    expect(rows.map(({ line, row }) => [line, row])).toEqual([
      [2, 0],
      [6, 1],
    ]);
    expect(faults.map(({ line }) => line)).toEqual([3, 4]);
  });

  it('says where a quote is never closed, after the rows before it', async () => {
    const { rows, faults } = await faultsOf('a,b\n1,2\n3,"open\n5,6\n', 'x.csv');
    expect(rows).toHaveLength(1);
    expect(faults).toMatchObject([{ line: 3, message: expect.stringMatching(/never closed/) as string }]);
    expect(await read('a\tb\n1\t"open\n5\t6\n', 'x.tsv', { quote: null })).toHaveLength(2);
  });

  it('refuses double column names, takes names for a file without header', async () => {
    await expect(read('a,a\n1,2\n', 'x.csv')).rejects.toMatchObject({ where: 'x.csv:1' });
    expect(await read('1,2\n', 'x.csv', { columns: ['a', 'b'] })).toEqual([
      { value: { a: '1', b: '2' }, line: 1, row: 0 },
    ]);
  });

  it('names the line that is not UTF-8', async () => {
    const bytes = Buffer.concat([Buffer.from('a,b\n1,é\n2,'), Buffer.from([0xe9, 0x0a])]);
    for (const sizes of [[1], [3], [1000]]) {
      await expect(choppyTable(bytes, sizes)).rejects.toMatchObject({ code: 'data-encoding', where: 'x.csv:3' });
    }
    expect((await read(bytes, 'x.csv', { encoding: 'lenient' }))[1]?.value['b']).toBe('\ufffd');
  });

  it('sets no prototype from a header', async () => {
    const [row] = await read('__proto__,b\nx,1\n', 'x.csv');
    expect(Object.getPrototypeOf(row?.value)).toBe(Object.prototype);
    expect(Object.keys(row?.value ?? {})).toEqual(['__proto__', 'b']);
  });
});

describe('formats', () => {
  it('are sniffed where the name says nothing', async () => {
    expect(await read('{"a":1}\n{"a":2}\n', 'data')).toHaveLength(2);
    expect(await read('[{"a":1}]', 'data')).toHaveLength(1);
    expect(await read('a\tb\n1\t2\n', 'data')).toHaveLength(1);
    expect(await read(gzipSync('a,b\n1,2\n'), 'data.gz')).toHaveLength(1);
    expect(await read('', 'data')).toEqual([]);
    await expect(read('just words', 'data')).rejects.toMatchObject({ code: 'data-format' });
    await expect(read(new Uint8Array([0, 1, 2, 3, 44]), 'data')).rejects.toMatchObject({ code: 'data-format' });
  });

  it('stops when told to', async () => {
    const controller = new AbortController();
    const rows = readRows(
      { ...bytesSource('', 'x.jsonl'), stream: () => choppy('{"a":1}\n'.repeat(40_000), [8000]) },
      {
        format: 'jsonl',
        signal: controller.signal,
      },
    );
    await rows.next();
    controller.abort(new Error('enough'));
    await expect(Array.fromAsync(rows)).rejects.toThrow('enough');
  });

  it('names a file that is not there', async () => {
    await expect(Array.fromAsync(readRows('/nowhere/at/all.jsonl'))).rejects.toMatchObject({ code: 'data-missing' });
  });
});
