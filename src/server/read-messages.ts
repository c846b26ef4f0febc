import { type ContentPart, FettleError, type Message } from '../core/index.ts';
import { cellImage, type ImageLimits } from '../data/index.ts';
import { ApiError, badRequest } from './api-error.ts';
import type { ChatMessage } from './chat-schema.ts';

/** Images of one request. */
export const mostImages = 256;

/**
 * Messages of a client as the core knows them. Images are decoded and inspected here, so that what is no image costs no
 * call. Nothing is fetched: an image has to be in the request, as a data URL.
 */
export async function readMessages(messages: readonly ChatMessage[], limits: ImageLimits): Promise<Message[]> {
  let images = 0;
  const read: Message[] = [];
  for (const [i, { role, content }] of messages.entries()) {
    if (typeof content === 'string') {
      read.push({ role: role === 'developer' ? 'system' : role, content });
      continue;
    }
    const parts: ContentPart[] = [];
    for (const [j, part] of content.entries()) {
      if (part.type === 'text') {
        parts.push({ type: 'text', text: part.text });
        continue;
      }
      images += 1;
      const where = `messages[${i}].content[${j}].image_url`;
      if (images > mostImages) throw badRequest(`A request can hold ${mostImages} images.`, where, 'too_many_images');
      const { url, detail } = part.image_url;
      parts.push({ type: 'image', image: await readImage(url, where, limits), ...(detail == null ? {} : { detail }) });
    }
    // One part of text is a text: to models it is the same, and to the journal it should be.
    const [only, ...more] = parts;
    const whole = only?.type === 'text' && more.length === 0 ? only.text : parts;
    read.push({ role: role === 'developer' ? 'system' : role, content: whole });
  }
  return read;
}

async function readImage(
  url: string,
  where: string,
  limits: ImageLimits,
): Promise<Extract<ContentPart, { type: 'image' }>['image']> {
  if (!/^data:/i.test(url)) {
    throw badRequest(
      'Images are not fetched from addresses here. Send the picture itself: "data:image/png;base64,…".',
      `${where}.url`,
      'remote_image_refused',
    );
  }
  try {
    const image = cellImage(
      url.replace(/^data:image\/[\w.+-]+;base64,/i, (head) => head.toLowerCase()),
      {
        label: where,
        ...limits,
      },
    );
    if (image === undefined) throw badRequest('The image is empty.', `${where}.url`, 'invalid_image');
    await image.load();
    return image;
  } catch (error) {
    if (!FettleError.isInstance(error)) throw error;
    const { message, hint } = error;
    throw new ApiError(hint === undefined ? message : `${message}. ${hint}`, {
      status: 400,
      type: 'invalid_request_error',
      param: `${where}.url`,
      code: error.code === 'image-too-large' ? 'image_too_large' : 'invalid_image',
      cause: error,
    });
  }
}
