import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import sharp from 'sharp';
import { onTestFinished } from 'vitest';

/** One image as it arrived, decoded. */
export interface ArrivedImage {
  readonly type: 'image';
  readonly mediaType: string;
  readonly width: number;
  readonly height: number;
  /** Mean of red, green and blue over all pixels. */
  readonly mean: readonly [number, number, number];
}

export interface ArrivedText {
  readonly type: 'text';
  readonly text: string;
}

export interface ArrivedRequest {
  readonly path: string;
  /** All parts of all user messages, in order. */
  readonly parts: readonly (ArrivedImage | ArrivedText)[];
  readonly bytes: number;
}

type Json = { readonly [key: string]: unknown };

/** Parts of a request in the shape of any of the three interfaces: text, or an image with its base64. */
function partsOf(body: Json): { text?: string; mediaType?: string; base64?: string }[] {
  const turns = (body['messages'] ?? body['contents'] ?? []) as readonly Json[];
  return turns
    .filter(({ role }) => role === 'user')
    .flatMap((turn) => {
      const content = turn['content'] ?? turn['parts'];
      return typeof content === 'string' ? [{ text: content }] : (content as readonly Json[]).map(partOf);
    });
}

function partOf(part: Json): { text?: string; mediaType?: string; base64?: string } {
  if (typeof part['text'] === 'string') return { text: part['text'] };
  const openai = part['image_url'] as { url: string } | undefined;
  if (openai !== undefined) {
    const [, mediaType = '', base64 = ''] = /^data:([^;]+);base64,(.*)$/s.exec(openai.url) ?? [];
    return { mediaType, base64 };
  }
  const anthropic = part['source'] as { media_type: string; data: string } | undefined;
  if (anthropic !== undefined) return { mediaType: anthropic.media_type, base64: anthropic.data };
  const google = part['inlineData'] as { mimeType: string; data: string } | undefined;
  if (google !== undefined) return { mediaType: google.mimeType, base64: google.data };
  throw new Error(`A part of no known shape: ${JSON.stringify(part).slice(0, 200)}`);
}

async function arrived(part: ReturnType<typeof partOf>): Promise<ArrivedImage | ArrivedText> {
  if (part.base64 === undefined) return { type: 'text', text: part.text ?? '' };
  const image = sharp(Buffer.from(part.base64, 'base64'), { failOn: 'error' });
  const { format, width, height } = await image.metadata();
  const { channels } = await image.removeAlpha().toColourspace('srgb').stats();
  const [red = 0, green = 0, blue = 0] = channels.map(({ mean }) => mean);
  if (part.mediaType !== `image/${format}`) throw new Error(`${part.mediaType} is said, and it is ${format}`);
  return { type: 'image', mediaType: part.mediaType, width, height, mean: [red, green, blue] };
}

function answerOf(path: string): Json {
  if (path.endsWith('/messages')) {
    return {
      type: 'message',
      id: 'msg_1',
      model: 'served',
      role: 'assistant',
      content: [{ type: 'text', text: 'yes' }],
      stop_reason: 'end_turn',
      stop_sequence: null,
      usage: { input_tokens: 20, output_tokens: 1 },
    };
  }
  if (path.includes(':generateContent')) {
    return {
      candidates: [{ content: { role: 'model', parts: [{ text: 'yes' }] }, finishReason: 'STOP' }],
      usageMetadata: { promptTokenCount: 20, candidatesTokenCount: 1, totalTokenCount: 21 },
    };
  }
  return {
    id: 'chat-1',
    object: 'chat.completion',
    model: 'served',
    choices: [{ index: 0, message: { role: 'assistant', content: 'yes' }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 20, completion_tokens: 1, total_tokens: 21 },
  };
}

/** An endpoint that takes images as OpenAI, Anthropic and Google do, and decodes every one that arrives. */
export async function startImageEndpoint(): Promise<{ origin: string; seen: ArrivedRequest[] }> {
  const seen: ArrivedRequest[] = [];
  const server = createServer((message, response) => {
    const chunks: Buffer[] = [];
    message.on('data', (chunk: Buffer) => chunks.push(chunk));
    message.on('end', () => {
      void (async () => {
        const path = message.url ?? '';
        try {
          const bytes = Buffer.concat(chunks);
          const parts: (ArrivedImage | ArrivedText)[] = [];
          for (const part of partsOf(JSON.parse(bytes.toString('utf8')) as Json)) parts.push(await arrived(part));
          seen.push({ path, parts, bytes: bytes.length });
          response.writeHead(200, { 'content-type': 'application/json' });
          response.end(JSON.stringify(answerOf(path)));
        } catch (error) {
          response.writeHead(400, { 'content-type': 'application/json' });
          response.end(JSON.stringify({ error: { message: String(error) } }));
        }
      })();
    });
    message.on('error', () => undefined);
    response.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => void server.close(resolve));
  });
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

/** The images of a request, in order. */
export function imagesOf({ parts }: ArrivedRequest): ArrivedImage[] {
  return parts.filter((part) => part.type === 'image');
}

/** The texts of a request, one a line. */
export function textOf({ parts }: ArrivedRequest): string {
  return parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n');
}
