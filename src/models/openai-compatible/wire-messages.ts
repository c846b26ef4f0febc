import type { ContentPart, Message } from '../../core/index.ts';
import { mapWithin } from '../map-within.ts';
import { ModelError } from '../model-error.ts';

/** Images of one request that are read and encoded at once: only these are held as bytes beside their text. */
const imagesAtOnce = 4;

/** Characters of images in one request. JavaScript cannot hold a text of twice as many, which the whole body might be. */
const mostCharacters = 256 * 2 ** 20;

/**
 * Messages as the wire wants them. Images are read late, few at once, and travel as data URIs.
 *
 * @param most characters of images that one request may hold
 * @throws ModelError `model-request-too-large`
 */
export async function wireMessages(messages: readonly Message[], most: number = mostCharacters): Promise<unknown[]> {
  const urls = await dataUris(messages, most);
  const wirePart = (part: ContentPart): unknown => {
    if (part.type === 'text') return { type: 'text', text: part.text };
    const url = urls.get(part);
    return { type: 'image_url', image_url: part.detail ? { url, detail: part.detail } : { url } };
  };
  return messages.map(({ role, content }) => ({
    role,
    content: typeof content === 'string' ? content : content.map(wirePart),
  }));
}

async function dataUris(messages: readonly Message[], most: number): Promise<ReadonlyMap<ContentPart, string>> {
  const parts = messages.flatMap(({ content }) =>
    typeof content === 'string' ? [] : content.filter((part) => part.type === 'image'),
  );
  const urls = new Map<ContentPart, string>();
  let characters = 0;
  await mapWithin(parts, imagesAtOnce, async (part) => {
    const { mediaType, bytes } = await part.image.load();
    characters += Math.ceil(bytes.byteLength / 3) * 4;
    if (characters > most) {
      throw new ModelError(`The ${parts.length} images of one request are too large to be sent together.`, {
        code: 'model-request-too-large',
        kind: 'refused',
        where: part.image.label,
        hint: `As text they exceed ${most} characters. Send fewer images, or smaller ones (--tiles).`,
      });
    }
    const base64 = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
    urls.set(part, `data:${mediaType};base64,${base64}`);
  });
  return urls;
}
