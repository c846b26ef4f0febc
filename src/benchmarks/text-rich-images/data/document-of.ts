import { hash } from 'node:crypto';

const ending = /\.[a-z0-9]{1,5}$/i;
/** What tells the pages of one document apart: `_p3`, `-page-3`, `_0`, `/slide-3-1024`, `/12`. */
const page =
  /(?:[-_ .]+(?:p|pg|page|slide|img|image)?[-_ ]?\d+|(?:^|(?<=\/))(?:p|pg|page|slide|img|image)?[-_ ]?\d+(?:-\d+)?)$/i;

/**
 * The document that images are pages of: their common name without page numbers, or their common folder. Pictures that are
 * no pages stand for themselves: questions on the same ones are one cluster. Undefined without images.
 */
export function documentOf(images: readonly string[], pages: boolean): string | undefined {
  const [first] = images;
  if (first === undefined) return undefined;
  const plain = images.map((path) => path.replaceAll('\\', '/').replace(ending, ''));
  if (pages) {
    // Names of slides end in the page and the width of the picture: `some-deck-3-1024`.
    const document = common(plain.map(withoutPage)) ?? common(plain.map((path) => withoutPage(withoutPage(path))));
    if (document !== undefined) return document;
  }
  return images.length === 1
    ? first
    : `${first} +${images.length - 1} ${hash('sha256', plain.join('\n'), 'hex').slice(0, 8)}`;
}

function withoutPage(path: string): string {
  return path.replace(page, '').replace(/\/$/, '');
}

/** What all are, where it is a name. */
function common(names: readonly string[]): string | undefined {
  const [first, ...others] = new Set(names);
  return others.length > 0 || first === '' ? undefined : first;
}
