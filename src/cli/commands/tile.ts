import { Command } from 'commander';
import { contextOf } from '../context.ts';
import { wholeNumber } from '../parse-options.ts';

export interface TileOptions {
  readonly out?: string;
  readonly overlay?: string;
  readonly sizes?: string;
  readonly tiles?: number;
  readonly budget?: number;
  readonly tile?: number;
  readonly allocator?: string;
  readonly thumbnails: boolean;
}

export function tileCommand(): Command {
  const command = new Command('tile')
    .description('Divide images into tiles within one budget, as models get them with `run --tiles`.')
    .argument('[images...]', 'files of images that share one budget')
    .option('--out <dir>', 'write every tile and thumbnail there, as image-01-r1-c2.png and image-01-thumbnail.png')
    .option('--overlay <file>', 'write a PNG of the grids over the images')
    .option('--sizes <file>', 'plan only: a JSON list of lists of [width, height], each list with a budget of its own')
    .option('--tiles <n>', 'visual inputs in all, thumbnails included (default: 50)', wholeNumber(1))
    .option('--budget <n>', 'the same as --tiles', wholeNumber(1))
    .option('--tile <pixels>', 'side of a tile (default: 364)', wholeNumber(1))
    .option('--allocator <name>', 'leopard, largest-remainder, water-fill, uniform or none (default: water-fill)')
    .option('--no-thumbnails', 'tiles alone');
  command.action(async (images: string[], options: TileOptions) => {
    const context = contextOf(command);
    const { planSizes, tileFiles } = await import('../tile/tile-action.ts');
    if (options.sizes === undefined) await tileFiles(images, options, context);
    else await planSizes(options.sizes, images, options, context);
  });
  return command;
}
