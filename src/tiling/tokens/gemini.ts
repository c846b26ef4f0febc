import type { TokenRule } from './rule.ts';

const perTile = 258;

/**
 * 258 tokens up to 384 by 384 pixels; larger images are cut into tiles whose side is the shorter side over 1.5,
 * kept within 256 to 768 pixels, at 258 tokens a tile. The page calls the number of tiles rough.
 */
export const gemini: TokenRule = {
  name: 'gemini',
  models: 'Gemini 1.5 to 2.5',
  source: {
    title:
      'Gemini API documentation, "Understand and count tokens"; Vertex AI documentation, "Image understanding", section "Calculate the number of tokens in an image"',
    checked: '2026-11-24',
  },
  approximate: true,
  tokens({ width, height }) {
    if (width <= 384 && height <= 384) return perTile;
    const side = Math.min(768, Math.max(256, Math.floor(Math.min(width, height) / 1.5)));
    return perTile * Math.ceil(width / side) * Math.ceil(height / side);
  },
};

/** The bound of the default resolution, whatever the size of the image. */
export const gemini3: TokenRule = {
  name: 'gemini-3',
  models: 'Gemini 3, default media resolution (at most)',
  source: { title: 'Gemini API documentation, "Media resolution", section "Token counts"', checked: '2026-11-24' },
  approximate: true,
  tokens: () => 1120,
};
