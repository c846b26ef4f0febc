/** The bytes of one image, with what they were found to be. */
export interface ImageBlob {
  /** Lower-case hex. */
  readonly sha256: string;
  /** From the bytes, never from the file name. */
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

/**
 * An image that is read only when a model needs it.
 * Made by the readers in `data/`, which check paths and limits.
 */
export interface ImageReference {
  /** For people: the path or address as the data set writes it. Never opened as it stands. */
  readonly label: string;
  load(): Promise<ImageBlob>;
}

export interface TextPart {
  readonly type: 'text';
  readonly text: string;
}

export interface ImagePart {
  readonly type: 'image';
  readonly image: ImageReference;
  readonly detail?: 'auto' | 'low' | 'high';
}

export type ContentPart = TextPart | ImagePart;

export type MessageRole = 'system' | 'user' | 'assistant';

export interface Message {
  readonly role: MessageRole;
  readonly content: string | readonly ContentPart[];
}

/** A message as it is stored: images by hash. */
export interface StoredMessage {
  readonly role: MessageRole;
  readonly content:
    | string
    | readonly (
        | TextPart
        | {
            readonly type: 'image';
            readonly sha256: string;
            readonly mediaType: string;
            readonly detail?: 'auto' | 'low' | 'high';
          }
      )[];
}

/** The text of a message, its images left out. */
export function messageText(message: Message | StoredMessage): string {
  if (typeof message.content === 'string') return message.content;
  let text = '';
  for (const part of message.content) if (part.type === 'text') text += part.text;
  return text;
}
