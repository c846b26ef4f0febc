import { usageError } from '../../core/index.ts';
import { anthropicRules } from './anthropic.ts';
import { gemini, gemini3 } from './gemini.ts';
import { leopard, llava15, qwen2Vl } from './open-models.ts';
import { openaiLowDetail, openaiPatchRules, openaiTiles } from './openai.ts';
import type { PixelSize, TokenRule } from './rule.ts';

/** Every family whose rule is public. */
export const tokenRules: readonly TokenRule[] = [
  openaiTiles,
  openaiLowDetail,
  ...openaiPatchRules,
  ...anthropicRules,
  gemini,
  gemini3,
  qwen2Vl,
  leopard,
  llava15,
];

/**
 * Tokens that one image of that size (pixels) costs with the models of a family.
 *
 * @throws FettleError (usage) for a family that is not known or a size that is no positive number;
 *   `image-aspect` where the family refuses such a strip
 */
export function imageTokens(family: string, { width, height }: PixelSize): number {
  const rule = tokenRules.find(({ name }) => name === family);
  if (rule === undefined) {
    throw usageError(`There is no family "${family}" of token rules.`, {
      hint: `Families: ${tokenRules.map(({ name }) => name).join(', ')}.`,
    });
  }
  if (!(width > 0 && height > 0 && Number.isFinite(width * height))) {
    throw usageError(`An image of ${width} by ${height} pixels has no tokens to count.`, {
      hint: 'Width and height are numbers above 0.',
    });
  }
  return rule.tokens({ width, height });
}

/** Tokens of several images, by family. Null where a family refuses one of them. */
export function tokensByFamily(sizes: readonly PixelSize[]): Readonly<Record<string, number | null>> {
  return Object.fromEntries(
    tokenRules.map((rule) => {
      let sum: number | null = 0;
      for (const size of sizes) {
        try {
          sum += rule.tokens(size);
        } catch {
          sum = null;
          break;
        }
      }
      return [rule.name, sum];
    }),
  );
}
