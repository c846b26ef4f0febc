import type { SampleResult, StoredMessage } from '../../core/index.ts';
import { html, type Markup } from './markup.ts';

/** A picture small enough to be part of a page. */
export interface ReportPicture {
  readonly width: number;
  readonly height: number;
  /** A `data:` address of an image. */
  readonly dataUrl: string;
}

export type FindPicture = (sha256: string) => Promise<ReportPicture | undefined>;

export type Pictures = ReadonlyMap<string, ReportPicture>;

/** Characters that the pictures of one page may have together. */
const mostCharacters = 4_000_000;

/** The pictures of the results' inputs, each once, in their order, until the page is full. */
export async function loadPictures(results: readonly SampleResult[], find: FindPicture | undefined): Promise<Pictures> {
  const found = new Map<string, ReportPicture>();
  if (find === undefined) return found;
  let characters = 0;
  for (const sha256 of new Set(results.flatMap(({ input }) => input.flatMap(imagesOf)))) {
    const picture = await find(sha256);
    if (picture === undefined) continue;
    characters += picture.dataUrl.length;
    if (characters > mostCharacters) break;
    found.set(sha256, picture);
  }
  return found;
}

function imagesOf({ content }: StoredMessage): string[] {
  if (typeof content === 'string') return [];
  return content.flatMap((part) => (part.type === 'text' ? [] : [part.sha256]));
}

/** Pictures are written once and used wherever they were sent: questions on the same charts share them. */
export function pictureStore(pictures: Pictures): Markup | false {
  if (pictures.size === 0) return false;
  return html`<svg width="0" height="0" aria-hidden="true">
    ${[...pictures].map(
      ([sha256, { width, height, dataUrl }]) =>
        html`<symbol id="picture-${sha256}" viewBox="0 0 ${width} ${height}"
          ><image width="${width}" height="${height}" href="${dataUrl}"
        /></symbol>`,
    )}
  </svg>`;
}

export function pictureUse(sha256: string, { width, height }: ReportPicture): Markup {
  return html`<svg
    class="shown-picture"
    role="img"
    aria-label="picture ${sha256.slice(0, 12)}"
    width="${width}"
    height="${height}"
    viewBox="0 0 ${width} ${height}"
  >
    <title>sha256 ${sha256.slice(0, 12)}</title>
    <use href="#picture-${sha256}" />
  </svg>`;
}
