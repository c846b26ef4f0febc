import { open } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { errorMessage, usageError } from '../../core/index.ts';
import { byteCount } from '../bytes/byte-count.ts';
import type { ForgetPart, ForgetRule } from './forget-rule.ts';
import { parseForgetRule } from './parse-forget-rule.ts';

const maxBytes = 256 * 2 ** 20;
const fileEndings = new Set(['.json', '.jsonl', '.ndjson', '.txt', '.lst']);

export interface ReadForgetRuleOptions {
  /** Folder that relative paths start from. Default: the working folder. */
  readonly folder?: string | undefined;
}

/**
 * A forget rule whose files are read: `@FILE` is a rule in a file (JSON or text); `ids=@FILE`, or `ids=FILE` where the
 * name ends in .json, .jsonl, .ndjson, .txt or .lst, is a list of ids in a file. Everything else is `parseForgetRule`.
 *
 * A list of ids is a JSON array of texts or of objects with `id`; JSON Lines of the same; or one id a line, where empty
 * lines are left out. Throws a usage error for a file that is missing, too large or not of this form.
 */
export async function readForgetRule(text: string, { folder = '.' }: ReadForgetRuleOptions = {}): Promise<ForgetRule> {
  const trimmed = text.trim();
  if (trimmed.startsWith('@')) {
    const path = resolve(folder, trimmed.slice(1).trim());
    const content = await readWhole(path);
    return withFiles(parseForgetRule(content), resolve(path, '..'));
  }
  return withFiles(parseForgetRule(trimmed), folder);
}

async function withFiles(rule: ForgetRule, folder: string): Promise<ForgetRule> {
  const parts = rule.any.map(async (part): Promise<ForgetPart> => {
    const name = 'ids' in part && part.ids.length === 1 ? idFile(part.ids[0] as string) : undefined;
    return name === undefined ? part : { ids: await readIds(resolve(folder, name)) };
  });
  return { any: await Promise.all(parts) };
}

function idFile(value: string): string | undefined {
  if (value.startsWith('@')) return value.slice(1).trim();
  return fileEndings.has(extname(value).toLowerCase()) ? value : undefined;
}

async function readIds(path: string): Promise<string[]> {
  const text = await readWhole(path);
  const trimmed = text.trim();
  const ids = trimmed.startsWith('[')
    ? idsOfArray(parseValue(trimmed, path), path)
    : trimmed
        .split('\n')
        .map((line) => line.trim())
        .flatMap((line, index) => (line === '' ? [] : [idOfLine(line, `${path}:${index + 1}`)]));
  if (ids.length === 0) throw usageError(`${path} holds no ids`, { where: path, hint: 'Write one id a line.' });
  return [...new Set(ids)];
}

function idsOfArray(value: unknown, path: string): string[] {
  if (!Array.isArray(value)) throw notIds(path);
  return value.map((entry: unknown, index) => idOf(entry, `${path}, entry ${index + 1}`));
}

function idOfLine(line: string, where: string): string {
  return line.startsWith('{') || line.startsWith('"') ? idOf(parseValue(line, where), where) : line;
}

function idOf(value: unknown, where: string): string {
  const id: unknown = typeof value === 'object' && value !== null && 'id' in value ? value.id : value;
  if (typeof id === 'string' && id !== '') return id;
  if (typeof id === 'number' && Number.isSafeInteger(id)) return String(id);
  throw notIds(where);
}

function notIds(where: string): Error {
  return usageError('An id is missing or is no text', {
    where,
    hint: 'Write a JSON array of texts, objects with "id", or one id a line.',
  });
}

function parseValue(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw usageError(`Not JSON: ${errorMessage(cause)}`, {
      where,
      cause,
      hint: 'Write one id a line, or mend the JSON.',
    });
  }
}

async function readWhole(path: string): Promise<string> {
  try {
    await using file = await open(path);
    const { size } = await file.stat();
    if (size > maxBytes) {
      throw usageError(`${path} has ${byteCount(size)}; a rule or a list of ids has at most ${byteCount(maxBytes)}`, {
        where: path,
      });
    }
    const text = await file.readFile('utf8');
    return text.replace(/^\uFEFF/, '');
  } catch (cause) {
    if (!(cause instanceof Error && 'syscall' in cause)) throw cause;
    throw usageError(`${path} cannot be read: ${cause.message}`, {
      where: path,
      hint: 'Name a file that exists; the path starts from the working folder.',
      cause,
    });
  }
}
