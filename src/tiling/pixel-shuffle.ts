import { FettleError, usageError } from '../core/index.ts';
import { resolveTilingOptions, type TilingOptions } from './tiling-options.ts';

/**
 * Tokens that one visual input becomes: features a side, squared, over shuffle squared (26 a side and 2: 169).
 *
 * @throws FettleError (usage) where the features of a side are no multiple of the shuffle factor
 */
export function tokensPerInput({
  encoder,
  patch,
  shuffle,
}: Pick<TilingOptions, 'encoder' | 'patch' | 'shuffle'> = {}): number {
  const resolved = resolveTilingOptions({ encoder, patch, shuffle });
  const side = Math.floor(resolved.encoder / resolved.patch);
  if (side < 1 || side % resolved.shuffle !== 0) {
    throw usageError(
      `${side} by ${side} features (${resolved.encoder} pixels in patches of ${resolved.patch}) cannot be shuffled by ${resolved.shuffle}`,
      { where: 'shuffle', hint: 'The features of a side must be a multiple of the factor; 1 leaves them as they are.' },
    );
  }
  return (side / resolved.shuffle) ** 2;
}

/**
 * Space to depth of a square grid of features, as LEOPARD compresses what its vision encoder gives.
 *
 * @param features [sequence][dimension], rows of the grid one after another; the sequence is a square
 * @returns [sequence / factor²][dimension * factor²]: one token a block of factor by factor, blocks row after row, within
 *   a block the features row after row
 * @throws FettleError `pixel-shuffle` where the sequence is no square or its side no multiple of the factor
 */
export function pixelShuffle(features: readonly (readonly number[])[], factor = 2): number[][] {
  const side = Math.floor(Math.sqrt(features.length));
  if (!Number.isInteger(factor) || factor < 1 || side * side !== features.length || side % factor !== 0) {
    throw new FettleError(`${features.length} features cannot be shuffled by ${factor}`, {
      code: 'pixel-shuffle',
      hint: 'They must form a square whose side is a multiple of the factor.',
    });
  }
  const blocks = side / factor;
  const tokens: number[][] = [];
  for (let row = 0; row < blocks; row++) {
    for (let column = 0; column < blocks; column++) {
      const token: number[] = [];
      for (let y = 0; y < factor; y++) {
        for (let x = 0; x < factor; x++) {
          token.push(...(features[(row * factor + y) * side + column * factor + x] ?? []));
        }
      }
      tokens.push(token);
    }
  }
  return tokens;
}
