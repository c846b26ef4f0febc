import { type PixelSize, shrunk, type TokenRule } from './rule.ts';

const source = { title: 'OpenAI API documentation, "Images and vision", section "Calculating costs"' };

const tileBase = 85;
const tileCost = 170;

/**
 * High detail: within 2048 by 2048, then the shorter side down to 768, then 85 tokens and 170 for each 512-pixel tile.
 * The page says that the shorter side "is scaled" to 768; small images are billed as they are, not enlarged
 * (measured by users: 128 by 64 pixels cost one tile).
 */
export const openaiTiles: TokenRule = {
  name: 'openai-tiles',
  models: 'gpt-4o, gpt-4.1 (high detail)',
  source: { ...source, checked: '2026-11-24' },
  approximate: false,
  tokens(size) {
    const within = shrunk(size, 2048 / Math.max(size.width, size.height));
    const { width, height } = shrunk(within, 768 / Math.min(within.width, within.height));
    return tileBase + tileCost * cover(width, 512) * cover(height, 512);
  },
};

/** One 512-pixel view, whatever the size. */
export const openaiLowDetail: TokenRule = {
  name: 'openai-low-detail',
  models: 'gpt-4o, gpt-4.1 (low detail)',
  source: { ...source, checked: '2026-11-24' },
  approximate: false,
  tokens: () => tileBase,
};

const patchSide = 32;
const mostPatches = 1536;

/** Patches of 32 pixels; larger images are shrunk until a whole number of patches, at most 1,536, covers them. */
export function openaiPatchCount({ width, height }: PixelSize): number {
  const plain = cover(width, patchSide) * cover(height, patchSide);
  if (plain <= mostPatches) return plain;
  const factor = Math.sqrt((patchSide ** 2 * mostPatches) / (width * height));
  const across = (width * factor) / patchSide;
  const down = (height * factor) / patchSide;
  // Second step: one of the sides is brought to a whole number of patches, so that rounding up cannot pass the bound.
  const whole = Math.min(Math.floor(across) / across, Math.floor(down) / down);
  return Math.min(mostPatches, cover(across * whole, 1) * cover(down * whole, 1));
}

/** The patches times a factor of the model. The page does not say how a broken product is rounded: up here. */
function patches(name: string, models: string, factor: number): TokenRule {
  return {
    name,
    models,
    source: { ...source, checked: '2026-11-24' },
    approximate: false,
    tokens: (size) => Math.ceil(openaiPatchCount(size) * factor - 1e-9),
  };
}

export const openaiPatchRules: readonly TokenRule[] = [
  patches('openai-gpt-4.1-mini', 'gpt-4.1-mini', 1.62),
  patches('openai-gpt-4.1-nano', 'gpt-4.1-nano', 2.46),
  patches('openai-o4-mini', 'o4-mini', 1.72),
];

/** How many units cover a length. Lengths that are whole but for rounding errors count as whole; none is below one. */
function cover(length: number, unit: number): number {
  return Math.max(1, Math.ceil(length / unit - 1e-9));
}
