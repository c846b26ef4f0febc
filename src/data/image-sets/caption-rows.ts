import { FettleError, type JsonValue } from '../../core/index.ts';
import { decompressed } from '../bytes/decompress.ts';
import { formatOfName } from '../rows/detect-format.ts';
import { readJson } from '../rows/read-json.ts';
import { openRows } from '../rows/read-rows.ts';
import { readText } from '../rows/read-text.ts';
import type { FoundFile } from './collect-files.ts';
import type { SplitName } from './image-set.ts';
import { splitName } from './split-name.ts';

/** What one row says of a picture. Several rows may name the same picture. */
export interface CaptionRow {
  /** A path, or a cell that holds the picture itself. */
  readonly image: JsonValue;
  readonly captions: readonly string[];
  readonly class?: string | undefined;
  readonly split?: SplitName | undefined;
  readonly id?: string | undefined;
  readonly line: number;
}

/** `numbered`: `name.jpg#0<TAB>caption`. `piped`: `image_name| comment_number| comment`. `documents`: an `images` list with `sentences`. `rows`: a table. */
export type CaptionForm = 'numbered' | 'piped' | 'documents' | 'rows';

const imageFields = ['image', 'file_name', 'filename', 'image_name', 'path'];
const captionFields = ['captions', 'caption', 'sentences', 'text'];
const classFields = ['class', 'label'];
const maxCaptionCharacters = 10_000;

/** Which form of captions a file holds, from its name and first bytes. Undefined where it holds none. */
export async function captionForm({ path, entry }: FoundFile): Promise<CaptionForm | undefined> {
  const format = formatOfName(path);
  const isText = /\.(?:txt|tsv|csv)(?:\.gz)?$/i.test(path);
  if (format === undefined && !isText) return undefined;
  if (isText) {
    let head = '';
    for await (const chunk of decompressed(entry.stream(), { label: entry.label })) {
      head += Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length).toString('utf8');
      if (head.length > 4096 || head.includes('\n')) break;
    }
    const first = head.replace(/^\ufeff/, '').split(/\r?\n/, 1)[0] ?? '';
    if (/^[^\t]+#\d+\t/.test(first)) return 'numbered';
    if (/^image(?:_name)?\s*\|\s*comment_number\s*\|\s*comment\s*$/i.test(first)) return 'piped';
    if (!/[\t,]/.test(first)) return undefined;
  }
  try {
    for await (const { value } of openRows(entry, { format: format ?? 'csv' })) {
      if (Array.isArray(field(value, ['images']))) return 'documents';
      const known = field(value, [...captionFields, ...classFields]) !== undefined;
      return field(value, imageFields) !== undefined && known ? 'rows' : undefined;
    }
  } catch (error) {
    // A file that is no table of rows is some other file of the data.
    if (!FettleError.isInstance(error)) throw error;
  }
  if (format === 'json') {
    const value = await readJson(entry);
    if (Array.isArray(field(value, ['images']))) return 'documents';
  }
  return undefined;
}

/** All rows of a file of captions. Throws a FettleError `data-invalid` with file and line for a row of another shape. */
export async function readCaptionRows({ path, entry }: FoundFile, form: CaptionForm): Promise<CaptionRow[]> {
  if (form === 'numbered' || form === 'piped') {
    const pattern = form === 'numbered' ? /^(.+?)#\d+\t(.*)$/ : /^([^|]+?)\s*\|\s*\d+\s*\|?\s*(.*)$/;
    const rows: CaptionRow[] = [];
    for (const [index, line] of (await readText(entry)).split(/\r?\n/).entries()) {
      if (line.trim() === '' || (form === 'piped' && index === 0)) continue;
      const [, image, caption] = pattern.exec(line) ?? [];
      if (image === undefined || caption === undefined) {
        throw invalid(entry.label, index + 1, form === 'numbered' ? 'name.jpg#0<TAB>caption' : 'name.jpg| 0| caption');
      }
      rows.push({ image, captions: checked([caption], entry.label, index + 1), line: index + 1 });
    }
    return rows;
  }
  if (form === 'documents') {
    const images = field(await readJson(entry), ['images']);
    if (!Array.isArray(images)) throw invalid(entry.label, 1, '{ "images": [{ "filename", "split", "sentences" }] }');
    return images.map((value, index) => readRow(value, entry.label, index + 1));
  }
  const rows: CaptionRow[] = [];
  for await (const { value, line } of openRows(entry, { format: formatOfName(path) ?? 'csv' })) {
    rows.push(readRow(value, entry.label, line));
  }
  return rows;
}

function readRow(value: JsonValue, label: string, line: number): CaptionRow {
  const image = field(value, imageFields);
  if (image === undefined || image === null) throw invalid(label, line, 'an image and a caption, captions or class');
  const written = field(value, captionFields);
  const list = written === undefined || written === null ? [] : Array.isArray(written) ? written : [written];
  const captions = list.map((item) => {
    const text = typeof item === 'string' ? item : field(item as JsonValue, ['raw']);
    if (typeof text !== 'string') throw invalid(label, line, 'captions as texts');
    return text;
  });
  const name = field(value, classFields);
  const id = field(value, ['id']);
  const split = field(value, ['split']);
  return {
    image,
    captions: checked(captions, label, line),
    class: typeof name === 'string' || typeof name === 'number' ? String(name) : undefined,
    // `restval` is how the Karpathy lists call pictures that may be trained on besides `train`.
    split: split === 'restval' ? 'train' : typeof split === 'string' ? splitName(split) : undefined,
    id: typeof id === 'string' || typeof id === 'number' ? String(id) : undefined,
    line,
  };
}

/** The first of these own fields that an object has. */
function field(value: JsonValue, names: readonly string[]): JsonValue | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  for (const name of names) {
    if (Object.hasOwn(value, name)) return (value as { readonly [key: string]: JsonValue })[name];
  }
  return undefined;
}

function checked(captions: readonly string[], label: string, line: number): string[] {
  const kept: string[] = [];
  for (const caption of captions) {
    if (caption.length > maxCaptionCharacters) {
      throw new FettleError(`${label}:${line} has a caption of ${caption.length} characters`, {
        code: 'data-too-large',
        where: `${label}:${line}`,
        hint: `Captions may have ${maxCaptionCharacters} characters; check that the file is what it should be.`,
      });
    }
    const text = caption.trim();
    if (text !== '') kept.push(text);
  }
  return kept;
}

function invalid(label: string, line: number, shape: string): FettleError {
  return new FettleError(`${label}:${line} is no row of captions`, {
    code: 'data-invalid',
    where: `${label}:${line}`,
    hint: `Expected ${shape}.`,
  });
}
