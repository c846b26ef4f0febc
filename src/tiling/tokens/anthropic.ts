import { shrunk, type TokenRule } from './rule.ts';

const pixelsPerToken = 750;

/** Pixels over 750, after the image was shrunk to the longest edge and the most tokens that the model reads. */
function byArea(name: string, models: string, longestEdge: number, mostTokens: number): TokenRule {
  return {
    name,
    models,
    source: { title: 'Claude documentation, "Vision", section "Evaluate image size"', checked: '2026-11-24' },
    approximate: true,
    tokens(size) {
      const { width, height } = shrunk(size, longestEdge / Math.max(size.width, size.height));
      return Math.min(mostTokens, Math.max(1, Math.ceil((width * height) / pixelsPerToken)));
    },
  };
}

export const anthropicRules: readonly TokenRule[] = [
  byArea('anthropic', 'Claude up to 4.6', 1568, 1600),
  // The longer edge came with Claude Opus 4.7 (April 2026).
  byArea('anthropic-high-resolution', 'Claude Opus 4.7 and later', 2576, 4784),
];

/** What the same page refuses; requests with more images than `manyImages` are held to the smaller side. */
export const anthropicLimits = {
  images: 100,
  side: 8000,
  manyImages: 20,
  sideOfMany: 2000,
  requestBytes: 32 * 2 ** 20,
} as const;
