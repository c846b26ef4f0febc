import type { ContentPart, ImagePart, Message } from '../core/index.ts';
import { tileImages, type Tile } from './pixels/tile-images.ts';
import type { PixelOptions } from './pixels/pixel-options.ts';
import type { ImagePlan, TilePlan } from './tile-plan.ts';

export interface TileMessagesOptions extends PixelOptions {
  /** Whether a text before each tile and thumbnail names image, row and column. Default true. */
  readonly captions?: boolean | undefined;
}

/**
 * Messages whose images are replaced, each where it stood, by its thumbnail and tiles with texts that number them
 * ("Image 2, row 1 of 3, column 2 of 2:"). All images of all messages share one budget and are numbered through.
 * Messages without images are given back as they are.
 */
export async function tileMessages(
  messages: readonly Message[],
  { captions = true, ...options }: TileMessagesOptions = {},
): Promise<{ messages: Message[]; plan: TilePlan }> {
  const parts = messages.flatMap(({ content }) => (typeof content === 'string' ? [] : content.filter(isImage)));
  const { plan, tiles } = await tileImages(
    parts.map(({ image }) => image),
    options,
  );
  let number = 0;
  const replaced = messages.map((message) => {
    if (typeof message.content === 'string' || !message.content.some(isImage)) return message;
    const content = message.content.flatMap((part) => {
      if (!isImage(part)) return [part];
      const index = number++;
      const own = tiles.filter(({ image }) => image === index);
      return own.flatMap((tile) => {
        const picture = pictureOf(tile, part);
        if (!captions) return [picture];
        return [{ type: 'text' as const, text: tileCaption(tile, plan.images[index] as ImagePlan) }, picture];
      });
    });
    return { ...message, content };
  });
  return { messages: replaced, plan };
}

const isImage = (part: ContentPart): part is ImagePart => part.type === 'image';

function pictureOf({ reference }: Tile, { detail }: ImagePart): ImagePart {
  return { type: 'image', image: reference, ...(detail === undefined ? {} : { detail }) };
}

/** The text that stands before a tile or thumbnail. */
export function tileCaption({ image, row, column }: Pick<Tile, 'image' | 'row' | 'column'>, plan: ImagePlan): string {
  const { rows, columns, tiles } = plan;
  if (row !== undefined && column !== undefined) {
    return `Image ${image + 1}, row ${row + 1} of ${rows}, column ${column + 1} of ${columns}:`;
  }
  if (tiles === 0) return `Image ${image + 1}:`;
  return `Image ${image + 1}, overview of ${rows} ${rows === 1 ? 'row' : 'rows'} by ${columns} ${columns === 1 ? 'column' : 'columns'}:`;
}
