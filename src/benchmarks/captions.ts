import type { ImageReference } from '../core/index.ts';
import { createOcr, type OcrProgress, pageText } from '../data/index.ts';

export interface CaptionOptions {
  /** Characters that the captions of one question may have together. */
  readonly characters: number;
  readonly signal?: AbortSignal | undefined;
  readonly onNote?: ((text: string) => void) | undefined;
}

export interface Captions {
  readonly texts: readonly string[];
  /** True where text was cut to fit. */
  readonly cut: boolean;
}

export type Captioner = (images: readonly ImageReference[]) => Promise<Captions>;

/** Seconds between two lines on how far the reading is. */
const noteSeconds = 15;

/**
 * Reads charts by optical character recognition. Pages are kept in the cache folder, so that each is read once;
 * the engine starts with the first chart that is not there.
 */
export function createCaptioner({ characters, signal, onNote }: CaptionOptions): Captioner {
  const ocr = createOcr({ signal, onProgress: onNote === undefined ? undefined : progressNotes(onNote) });
  return async (images) => {
    const pages = await Promise.all(images.map((image) => ocr.read(image)));
    return fitCaptions(pages.map(pageText), characters);
  };
}

/**
 * Cuts captions so that all have at most `characters` together. Each may have an equal share; what shorter ones leave
 * of theirs goes to the longer ones. Whole lines are dropped from the end, and the last line says so.
 */
export function fitCaptions(texts: readonly string[], characters: number): Captions {
  if (texts.reduce((sum, text) => sum + text.length, 0) <= characters) return { texts, cut: false };
  let left = characters;
  const limits = new Map<number, number>();
  for (const [rank, [place, text]] of [...texts.entries()].toSorted(([, a], [, b]) => a.length - b.length).entries()) {
    const share = Math.min(text.length, Math.floor(left / (texts.length - rank)));
    limits.set(place, share);
    left -= share;
  }
  return { texts: texts.map((text, place) => cutLines(text, limits.get(place) ?? 0)), cut: true };
}

const cutMark = '[cut]';

function cutLines(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const kept: string[] = [];
  let length = cutMark.length;
  for (const line of text.split('\n')) {
    length += line.length + 1;
    if (length > limit) break;
    kept.push(line);
  }
  return [...kept, cutMark].join('\n');
}

function progressNotes(onNote: (text: string) => void): (progress: OcrProgress) => void {
  let last: number | undefined;
  return ({ read, cached, seconds }) => {
    if (read === 0) return;
    const now = performance.now();
    if (last !== undefined && now - last < noteSeconds * 1000) return;
    const first = last === undefined;
    last = now;
    onNote(
      first
        ? 'charts are read by OCR, each once: later runs find the text in the cache'
        : `OCR has read ${read} charts (${(seconds / read).toFixed(1)} s a chart), ${cached} were in the cache`,
    );
  };
}
