import {
  type PixelOptions,
  resolveTilingOptions,
  tileCaption,
  tileImages,
  type Tile,
  type TilePlan,
} from '../../tiling/index.ts';
import { readSdkPart, type SdkOptions, sdkImagePart, type SdkPart, withoutCacheMarks } from './sdk-image-part.ts';

export interface TilingMiddlewareOptions extends PixelOptions {
  /** Told of each request's plan before the request is sent. Not called for requests without images. */
  readonly onPlan?: ((plan: TilePlan) => void) | undefined;
  /** Told of images that are sent as they are because only the provider can read them. A process warning where absent. */
  readonly onWarning?: ((warning: string) => void) | undefined;
}

/** Middleware in the shape that the AI SDK asks for, versions 5 to 7. */
export interface TilingMiddleware {
  readonly specificationVersion: 'v3';
  transformParams<Params extends { prompt: unknown }>(options: { readonly params: Params }): Promise<Params>;
}

/** A message of the SDK's prompt: of a system message the content is a text. */
interface SdkMessage {
  readonly role: string;
  readonly content: unknown;
}

/** One image among the parts of a prompt, at its place. */
interface Found {
  readonly part: SdkPart;
  readonly read: ReturnType<typeof readSdkPart>;
}

/**
 * Gives any language model of the AI SDK its images as thumbnails and tiles, all images of a prompt within one budget.
 * Images are numbered through the whole conversation, each tile names its row and column.
 * Images behind web addresses that the SDK does not download, and those in results of tools, are left as they are.
 *
 * @throws FettleError (usage) for options that cannot be meant; the call fails with `image-invalid` or
 *   `image-too-large` where an image cannot be read
 *
 * @example
 * const model = wrapLanguageModel({ model: openai('gpt-4o'), middleware: tilingMiddleware({ budget: 50 }) });
 */
export function tilingMiddleware({ onPlan, onWarning, ...options }: TilingMiddlewareOptions = {}): TilingMiddleware {
  resolveTilingOptions(options);
  const warned = new Set<string>();
  const warn = (text: string): void => {
    if (onWarning !== undefined) return onWarning(text);
    if (warned.has(text)) return;
    warned.add(text);
    process.emitWarning(text, 'FettleWarning');
  };
  return {
    specificationVersion: 'v3',
    async transformParams({ params }) {
      // The SDK has checked its prompt; only what is read here is asked for.
      const prompt = params.prompt as readonly SdkMessage[];
      const found = findImages(prompt);
      const images = found.flatMap(({ read }) => (read.kind === 'image' ? [read.image] : []));
      const remote = found.length - images.length;
      if (remote > 0) {
        const which = remote === 1 ? 'An image is' : `${remote} images are`;
        warn(`${which} sent as they are and not as tiles: only the provider can read them.`);
      }
      if (images.length === 0) return params;
      const { plan, tiles } = await tileImages(images, options);
      onPlan?.(plan);
      return { ...params, prompt: await replaceImages(prompt, found, plan, tiles) };
    },
  };
}

/** In the order of the prompt. */
function findImages(prompt: readonly SdkMessage[]): readonly Found[] {
  const found: Found[] = [];
  for (const { role, content } of prompt) {
    if ((role !== 'user' && role !== 'assistant') || !Array.isArray(content)) continue;
    for (const part of content as readonly SdkPart[]) {
      const read = readSdkPart(part, `image ${found.length + 1} of the prompt`);
      if (read.kind !== 'other') found.push({ part, read });
    }
  }
  return found;
}

async function replaceImages(
  prompt: readonly SdkMessage[],
  found: readonly Found[],
  plan: TilePlan,
  tiles: readonly Tile[],
): Promise<readonly SdkMessage[]> {
  /** Of all images, and of those that became tiles. */
  let position = 0;
  let planned = 0;
  const messages: SdkMessage[] = [];
  for (const message of prompt) {
    if (!Array.isArray(message.content)) {
      messages.push(message);
      continue;
    }
    const content: SdkPart[] = [];
    for (const part of message.content as readonly SdkPart[]) {
      const image = found[position];
      if (image?.part !== part) {
        content.push(part);
      } else if (image.read.kind === 'image') {
        const own = tiles.filter((tile) => tile.image === planned);
        content.push(...(await tileParts(own, plan.images[planned], position, part, image.read.tagged)));
        planned += 1;
        position += 1;
      } else {
        content.push({ type: 'text', text: `Image ${position + 1}:` }, part);
        position += 1;
      }
    }
    messages.push({ ...message, content });
  }
  return messages;
}

/** `position` is the image's place among all images of the prompt, from 0. */
async function tileParts(
  tiles: readonly Tile[],
  plan: TilePlan['images'][number] | undefined,
  position: number,
  original: SdkPart,
  tagged: boolean,
): Promise<SdkPart[]> {
  if (plan === undefined) return [original];
  const options = original['providerOptions'] as SdkOptions;
  const parts: SdkPart[] = [];
  for (const [place, { reference, row, column }] of tiles.entries()) {
    const where = row === undefined || column === undefined ? {} : { row, column };
    const own = place === tiles.length - 1 ? options : withoutCacheMarks(options);
    parts.push({ type: 'text', text: tileCaption({ image: position, ...where }, plan) });
    parts.push(sdkImagePart(await reference.load(), tagged, own));
  }
  return parts;
}
