import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import yauzl from 'yauzl';
import { ZipWriter } from './zip-writer.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fettle-zip-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function write(fill: (zip: ZipWriter) => Promise<void>): Promise<string> {
  const path = join(folder, 'a.zip');
  const file = await open(path, 'wx');
  const zip = new ZipWriter(file);
  await fill(zip);
  await zip.finish();
  await file.close();
  return path;
}

async function read(path: string): Promise<{ entries: yauzl.Entry[]; texts: Map<string, string> }> {
  const zip = await yauzl.openPromise(path);
  const entries: yauzl.Entry[] = [];
  const texts = new Map<string, string>();
  for await (const entry of zip.eachEntry()) {
    entries.push(entry);
    if (entries.length > 100) continue;
    let text = '';
    const stream = await zip.openReadStreamPromise(entry);
    for await (const chunk of stream.setEncoding('utf8')) text += chunk;
    texts.set(entry.fileName, text);
  }
  return { entries, texts };
}

describe('ZipWriter', () => {
  it('writes texts and streams that another reader gives back', async () => {
    const path = await write(async (zip) => {
      await zip.add('empty', '');
      await zip.add('ümlaut/日本.json', '{"a":"ß"}');
      await zip.addStream(
        'stream.txt',
        (async function* () {
          for (let i = 0; i < 1000; i++) yield `line ${i} ${'é'.repeat(2000)}\n`;
        })(),
      );
      await zip.add('last', 'x'.repeat(3_000_000));
    });
    const { entries, texts } = await read(path);
    expect(texts.get('ümlaut/日本.json')).toBe('{"a":"ß"}');
    expect(texts.get('empty')).toBe('');
    expect(texts.get('stream.txt')?.split('\n')).toHaveLength(1001);
    expect(texts.get('last')).toHaveLength(3_000_000);
    // No data descriptors (bit 3), UTF-8 names (bit 11), true sizes in the directory.
    for (const entry of entries) expect(entry.generalPurposeBitFlag).toBe(0x800);
    expect(entries[3]?.uncompressedSize).toBe(3_000_000);
  });

  it('holds more members than 16 bits can count', async () => {
    const path = await write(async (zip) => {
      for (let i = 0; i < 66_000; i++) await zip.add(`m/${i}`, '');
    });
    const zip = await yauzl.openPromise(path);
    expect(zip.entryCount).toBe(66_000);
    zip.close();
    const bytes = await readFile(path);
    const locator = bytes.length - 22 - 20;
    expect(bytes.readUInt32LE(locator)).toBe(0x07064b50);
    const record = Number(bytes.readBigUInt64LE(locator + 8));
    expect(bytes.readUInt32LE(record)).toBe(0x06064b50);
    const directory = Number(bytes.readBigUInt64LE(record + 48));
    expect(bytes.readUInt32LE(directory)).toBe(0x02014b50);
    expect(directory + Number(bytes.readBigUInt64LE(record + 40))).toBe(record);
  });

  it('passes on what the source of a stream throws', async () => {
    const failing = (async function* () {
      yield 'a';
      throw new Error('source broke');
    })();
    await expect(write((zip) => zip.addStream('x', failing))).rejects.toThrow('source broke');
  });
});
