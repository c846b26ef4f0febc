import type { JsonObject, JsonValue, StoredMessage } from '../../../core/index.ts';

/** Adds an image to the sample's attachments and gives the address that stands for it. */
export type Attach = (sha256: string, mediaType: string) => Promise<string>;

/** A message in Inspect's shape. `id` must be stable between exports. */
export async function inspectMessage(message: StoredMessage, id: string, attach: Attach): Promise<JsonObject> {
  return { id, role: message.role, content: await content(message.content, attach) };
}

async function content(parts: StoredMessage['content'], attach: Attach): Promise<JsonValue> {
  if (typeof parts === 'string') return parts;
  const converted: JsonValue[] = [];
  for (const part of parts) {
    if (part.type === 'text') converted.push({ type: 'text', text: part.text });
    else {
      const image = await attach(part.sha256, part.mediaType);
      converted.push({ type: 'image', image, detail: part.detail ?? 'auto' });
    }
  }
  return converted;
}
