import { hash } from 'node:crypto';
import type { JsonValue } from './json.ts';
import type { ImageReference, Message, StoredMessage } from './message.ts';
import type { ClassifyRequest, CompareRequest, EmbedRequest, GenerateRequest, LoglikelihoodRequest } from './model.ts';

/** Lower-case hex sha256 of a text's UTF-8 bytes. */
export function sha256(text: string): string {
  return hash('sha256', text, 'hex');
}

/** JSON with the keys of every object in code-unit order, so that equal values give equal texts. */
export function canonicalJson(value: JsonValue | undefined): string {
  if (value === undefined) return 'null';
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item: JsonValue) => canonicalJson(item)).join(',')}]`;
  const object = value as { readonly [key: string]: JsonValue | undefined };
  const fields: string[] = [];
  for (const key of Object.keys(object).sort()) {
    if (object[key] !== undefined) fields.push(`${JSON.stringify(key)}:${canonicalJson(object[key])}`);
  }
  return `{${fields.join(',')}}`;
}

/** True when a message holds an image, whose bytes have to be read before it can be named by hash. */
export function hasImages(messages: readonly Message[]): boolean {
  return messages.some(
    (message) => typeof message.content !== 'string' && message.content.some((part) => part.type === 'image'),
  );
}

/** Images of an embedding request go the way of all images: read once, kept by hash. */
export function imagesAsMessages(images: readonly ImageReference[] = []): readonly Message[] {
  if (images.length === 0) return [];
  return [{ role: 'user', content: images.map((image) => ({ type: 'image', image })) }];
}

/** Messages without images as they are stored. */
export function storedTextMessages(messages: readonly Message[]): readonly StoredMessage[] {
  return messages as readonly StoredMessage[];
}

/**
 * Messages as they are stored, each image read and named by its sha256. `keep` receives every image's bytes.
 * An image that cannot be read throws, or, with `unreadable: 'name'`, is a text with its label.
 */
export async function storedMessages(
  messages: readonly Message[],
  keep: (image: { sha256: string; mediaType: string; bytes: Uint8Array }) => Promise<void>,
  { unreadable = 'throw' }: { readonly unreadable?: 'throw' | 'name' } = {},
): Promise<readonly StoredMessage[]> {
  if (!hasImages(messages)) return storedTextMessages(messages);
  const stored: StoredMessage[] = [];
  for (const message of messages) {
    if (typeof message.content === 'string') {
      stored.push({ role: message.role, content: message.content });
      continue;
    }
    const content: Exclude<StoredMessage['content'], string>[number][] = [];
    for (const part of message.content) {
      if (part.type === 'text') {
        content.push(part);
        continue;
      }
      const blob = await (unreadable === 'throw' ? part.image.load() : part.image.load().catch(() => undefined));
      if (blob === undefined) {
        content.push({ type: 'text', text: `[unreadable image ${part.image.label}]` });
        continue;
      }
      await keep(blob);
      content.push({
        type: 'image',
        sha256: blob.sha256,
        mediaType: blob.mediaType,
        ...(part.detail === undefined ? {} : { detail: part.detail }),
      });
    }
    stored.push({ role: message.role, content });
  }
  return stored;
}

// The field order of these objects is part of the journal's format: keys are hashes of the texts they give.

/** The text that stands for a generation request in journals. */
export function canonicalGenerate(request: GenerateRequest, messages: readonly StoredMessage[]): string {
  return JSON.stringify({
    messages,
    maxTokens: request.maxTokens,
    temperature: request.temperature,
    topP: request.topP,
    topK: request.topK,
    stop: request.stop,
    seed: request.seed,
    logprobs: request.logprobs,
    raw: request.raw === true ? true : undefined,
    extra: request.extra === undefined ? undefined : JSON.parse(canonicalJson(request.extra)),
  });
}

/** The text that stands for a log-likelihood request in journals. */
export function canonicalLoglikelihood(request: LoglikelihoodRequest, messages: readonly StoredMessage[]): string {
  return JSON.stringify({
    messages,
    continuations: request.continuations,
    raw: request.raw === true ? true : undefined,
  });
}

/** The text that stands for an embedding request in journals. `messages` holds its images. */
export function canonicalEmbed(request: EmbedRequest, messages: readonly StoredMessage[]): string {
  return JSON.stringify({
    texts: request.texts,
    encoder: request.encoder,
    images: messages.length === 0 ? undefined : messages[0]?.content,
  });
}

/** The text that stands for a comparison in journals. `messages` holds the query's image; the gallery is named by hash. */
export function canonicalCompare(
  { query, top, encoder }: CompareRequest,
  messages: readonly StoredMessage[],
  galleryHash: string,
): string {
  return JSON.stringify({
    text: 'text' in query ? query.text : undefined,
    image: messages.length === 0 ? undefined : messages[0]?.content,
    gallery: { sha256: galleryHash },
    top,
    encoder,
  });
}

/** The text that stands for a classification in journals. */
export function canonicalClassify({ pairs }: ClassifyRequest): string {
  return JSON.stringify({ pairs: pairs.map(({ text, second }) => (second === undefined ? [text] : [text, second])) });
}
