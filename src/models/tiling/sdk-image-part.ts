import type { ImageBlob, ImageReference } from '../../core/index.ts';
import { bytesImage } from '../../data/index.ts';

/** A part of a prompt of the AI SDK, of any version of its interface. */
export interface SdkPart {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** What a part of a prompt turned out to be. */
export type ReadPart =
  | { readonly kind: 'image'; readonly image: ImageReference; readonly tagged: boolean }
  /** An image that only the provider can read: a web address or a file that lies with it. */
  | { readonly kind: 'remote'; readonly label: string }
  | { readonly kind: 'other' };

const other: ReadPart = { kind: 'other' };

/**
 * Finds the image in a part. Version 4 of the interface tags its data with what they are, earlier ones do not.
 * Images are read as their bytes say, whatever media type is claimed, and only later: nothing throws here.
 */
export function readSdkPart(part: SdkPart, label: string): ReadPart {
  if (part.type !== 'file' || !isImageType(part['mediaType'])) return other;
  const data = part['data'];
  if (!isTagged(data)) return readData(data, label, false);
  if (data.type === 'data') return readData(data['data'], label, true);
  if (data.type === 'url') return readData(data['url'], label, true);
  return data.type === 'reference' ? { kind: 'remote', label } : other;
}

function readData(data: unknown, label: string, tagged: boolean): ReadPart {
  if (data instanceof Uint8Array) return { kind: 'image', image: bytesImage(data, label), tagged };
  const text = data instanceof URL ? data.href : data;
  if (typeof text !== 'string') return other;
  if (/^data:/i.test(text)) return { kind: 'image', image: bytesImage(bytesOfDataUrl(text), label), tagged };
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return { kind: 'remote', label };
  return { kind: 'image', image: bytesImage(Buffer.from(text, 'base64'), label), tagged };
}

/** The content of a `data:` address, as base64 or percent-encoded. */
function bytesOfDataUrl(url: string): Uint8Array {
  const comma = url.indexOf(',');
  const content = url.slice(comma + 1);
  if (/;base64$/i.test(url.slice(0, Math.max(0, comma)))) return Buffer.from(content, 'base64');
  // Escapes that are none stand as they are; what the bytes are worth shows when they are read as an image.
  const plain = content.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(plain, 'latin1');
}

function isImageType(mediaType: unknown): boolean {
  return typeof mediaType === 'string' && /^image(?:\/|$)/i.test(mediaType);
}

function isTagged(data: unknown): data is { readonly type: string; readonly [field: string]: unknown } {
  return typeof data === 'object' && data !== null && 'type' in data && typeof data.type === 'string';
}

/** A tile as a part that the same version of the interface reads. */
export function sdkImagePart({ bytes, mediaType }: ImageBlob, tagged: boolean, options: SdkOptions): SdkPart {
  const data = tagged ? { type: 'data', data: bytes } : bytes;
  return { type: 'file', mediaType, data, ...(options !== undefined && { providerOptions: options }) };
}

/** Options by provider. */
export type SdkOptions = Readonly<Record<string, Readonly<Record<string, unknown>>>> | undefined;

/** Marks of prompt caches: providers allow few, and one behind the last part covers all before it. */
const cacheMarks = new Set(['cacheControl', 'cache_control', 'cachePoint']);

/** An image's options for all of its parts but the last: the same without marks of prompt caches. */
export function withoutCacheMarks(options: SdkOptions): SdkOptions {
  if (options === undefined) return undefined;
  return Object.fromEntries(
    Object.entries(options).map(([provider, fields]) => [
      provider,
      Object.fromEntries(Object.entries(fields).filter(([name]) => !cacheMarks.has(name))),
    ]),
  );
}
