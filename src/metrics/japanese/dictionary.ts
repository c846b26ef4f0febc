import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { pathToFileURL } from 'node:url';
import { DoubleArray } from './double-array.ts';

/** Words that share one spelling: `count` entries from `first` on. */
export interface Lexicon {
  readonly keys: DoubleArray;
  /** By entry: context to the left, to the right, and cost of the word. */
  readonly left: Uint16Array;
  readonly right: Uint16Array;
  readonly cost: Int16Array;
}

/** A compiled MeCab dictionary, less the word features, which splitting needs not. */
export interface Dictionary {
  readonly words: Lexicon;
  readonly unknown: Lexicon;
  /** Cost of a right context followed by a left one: `[right + rightSize * left]`. */
  readonly connections: Int16Array;
  readonly rightSize: number;
  /** One a UCS-2 character: bits 0-17 categories, 18-25 main category, 26-29 length, 30 group, 31 always ask. */
  readonly characters: Uint32Array;
  /** By category: its entries in `unknown`, as `first * 256 + count`. */
  readonly unknownEntries: readonly number[];
}

interface Section {
  readonly start: number;
  readonly end: number;
}

const folder = '/usr/local/lib/mecab/dic/ipadic/';

/** The package ships its files in one blob; where each begins stands in its loader script. */
function sectionOf(loader: string, name: string): Section {
  const pattern = new RegExp(`"filename": "${folder}${name}",\\s*"start": (\\d+),\\s*"end": (\\d+)`);
  const match = pattern.exec(loader);
  if (match === null) throw new Error(`mecab-wasm: no ${name} in its data; another version than the one pinned?`);
  return { start: Number(match[1]), end: Number(match[2]) };
}

function read(file: number, start: number, length: number): ArrayBuffer {
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length;) {
    const count = readSync(file, bytes, done, length - done, start + done);
    if (count === 0) throw new Error('mecab-wasm: its data file is shorter than it says');
    done += count;
  }
  return bytes.buffer;
}

/** Header of `*.dic`: ten 32-bit words and the name of the character set. */
const headerBytes = 72;
const magic = 0xef718f77;

function readLexicon(file: number, { start, end }: Section): Lexicon {
  const header = new Uint32Array(read(file, start, headerBytes - 32));
  if (((header[0] as number) ^ magic) >>> 0 !== end - start) throw new Error('mecab-wasm: not a MeCab dictionary');
  const keyBytes = header[6] as number;
  const entryBytes = header[7] as number;
  const keys = new DoubleArray(new Int32Array(read(file, start + headerBytes, keyBytes)));
  const entries = new Uint16Array(read(file, start + headerBytes + keyBytes, entryBytes));
  const count = entryBytes / 16;
  const pick = (offset: number): Uint16Array =>
    Uint16Array.from({ length: count }, (_, i) => entries[8 * i + offset] as number);
  return { keys, left: pick(0), right: pick(1), cost: new Int16Array(pick(3).buffer) };
}

/**
 * Reads the IPA dictionary that the `mecab-wasm` package ships (the same compiled words as sacreBLEU's `ipadic`), less the
 * word features, which are the larger part. The package's own program runs in browsers only, so only its data is used.
 * @throws Error where the package is missing or is not the version that this code was written against.
 */
export function readDictionary(): Dictionary {
  const manifest = findPackageJSON('mecab-wasm', import.meta.url);
  if (manifest === undefined) throw new Error('Japanese text needs the mecab-wasm package: npm install mecab-wasm');
  const at = (name: string): URL => new URL(`lib/${name}`, pathToFileURL(manifest));
  const loader = readFileSync(at('libmecab.js'), 'utf8');
  const file = openSync(at('libmecab.data'), 'r');
  try {
    const matrix = sectionOf(loader, 'matrix.bin');
    const connections = new Int16Array(read(file, matrix.start, matrix.end - matrix.start));
    const properties = sectionOf(loader, 'char.bin');
    const raw = read(file, properties.start, properties.end - properties.start);
    const categories = new Uint32Array(raw)[0] as number;
    const unknown = readLexicon(file, sectionOf(loader, 'unk.dic'));
    const unknownEntries = Array.from({ length: categories }, (_, i) => {
      const name = new Uint8Array(raw, 4 + 32 * i, 32);
      return unknown.keys.value(name.subarray(0, name.indexOf(0))) ?? 0;
    });
    return {
      words: readLexicon(file, sectionOf(loader, 'sys.dic')),
      unknown,
      connections: connections.subarray(2),
      rightSize: connections[0] as number,
      characters: new Uint32Array(raw, 4 + 32 * categories),
      unknownEntries,
    };
  } finally {
    closeSync(file);
  }
}
