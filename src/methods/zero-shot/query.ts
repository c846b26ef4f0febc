import { type ImageReference, messageText, type Sample } from '../../core/index.ts';

/** The one image of a sample's input; undefined where there is none or more than one. */
export function queryImage({ input }: Sample): ImageReference | undefined {
  const images = input.flatMap(({ content }) =>
    typeof content === 'string' ? [] : content.flatMap((part) => (part.type === 'image' ? [part.image] : [])),
  );
  return images.length === 1 ? images[0] : undefined;
}

/** The text of the last message. */
export function queryText({ input }: Sample): string {
  const last = input.at(-1);
  return last === undefined ? '' : messageText(last);
}
