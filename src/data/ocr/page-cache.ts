import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { OcrPage, OcrWord } from './ocr-page.ts';

/** Pages that were read before, by the image's sha256, in a folder named after the engine. */
export interface PageCache {
  get(sha256: string): Promise<OcrPage | undefined>;
  /** A cache that cannot be written costs time, not the run. */
  put(sha256: string, page: OcrPage): Promise<void>;
}

/** `[text, confidence, left, top, right, bottom]`. */
type StoredWord = readonly [string, number, number, number, number, number];

export function pageCache(folder: string, engine: string): PageCache {
  const pathOf = (sha256: string): string => join(folder, engine, sha256.slice(0, 2), `${sha256}.json`);
  return {
    async get(sha256) {
      try {
        return parsePage(JSON.parse(await readFile(pathOf(sha256), 'utf8')));
      } catch {
        return undefined;
      }
    },
    async put(sha256, { width, height, words, vertical }) {
      const path = pathOf(sha256);
      const temporary = `${path}.${randomUUID()}.tmp`;
      const stored = words.map((word): StoredWord => [
        word.text,
        round(word.confidence),
        ...([word.left, word.top, word.right, word.bottom].map(round) as [number, number, number, number]),
      ]);
      try {
        await mkdir(dirname(path), { recursive: true });
        await writeFile(temporary, JSON.stringify({ width, height, words: stored, vertical }));
        await rename(temporary, path);
      } catch {
        await rm(temporary, { force: true }).catch(() => undefined);
      }
    },
  };
}

const round = (value: number): number => Math.round(value * 10) / 10;

/** A page from its file; undefined for anything else that may lie there. */
function parsePage(value: unknown): OcrPage | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { width, height, words, vertical } = value as Readonly<Record<string, unknown>>;
  if (typeof width !== 'number' || typeof height !== 'number') return undefined;
  if (!Array.isArray(words) || !Array.isArray(vertical)) return undefined;
  if (!vertical.every((line) => typeof line === 'string') || !words.every(isStoredWord)) return undefined;
  return {
    width,
    height,
    vertical,
    words: words.map(([text, confidence, left, top, right, bottom]): OcrWord => ({
      text,
      confidence,
      left,
      top,
      right,
      bottom,
    })),
  };
}

function isStoredWord(word: unknown): word is StoredWord {
  return (
    Array.isArray(word) &&
    word.length === 6 &&
    typeof word[0] === 'string' &&
    word.slice(1).every((number) => typeof number === 'number')
  );
}
