import { FettleError } from '../../core/index.ts';
import type { TokenRule } from './rule.ts';

const qwenUnit = 28;
const qwenLeastPixels = 4 * qwenUnit ** 2;
const qwenMostPixels = 16_384 * qwenUnit ** 2;
const qwenMostAspect = 200;

/**
 * One token for each 28 by 28 pixels (2 by 2 patches of 14), after both sides were brought to multiples of 28
 * and the area into 4 to 16,384 tokens, the range of the published configuration. Servers may set a narrower one.
 */
export const qwen2Vl: TokenRule = {
  name: 'qwen2-vl',
  models: 'Qwen2-VL, Qwen2.5-VL',
  source: {
    title: 'Qwen2-VL, preprocessor_config.json of the published checkpoints and the processor in transformers',
    checked: '2026-11-24',
  },
  approximate: false,
  tokens({ width, height }) {
    const longer = Math.max(width, height);
    const shorter = Math.min(width, height);
    if (longer / shorter > qwenMostAspect) {
      throw new FettleError(`Qwen2-VL refuses an image of ${width} by ${height} pixels.`, {
        code: 'image-aspect',
        hint: `Its longer side may be at most ${qwenMostAspect} times its shorter one.`,
      });
    }
    let across = Math.max(1, roundHalfEven(width / qwenUnit));
    let down = Math.max(1, roundHalfEven(height / qwenUnit));
    const pixels = across * down * qwenUnit ** 2;
    if (pixels > qwenMostPixels) {
      const factor = Math.sqrt((width * height) / qwenMostPixels);
      across = Math.max(1, Math.floor(width / factor / qwenUnit));
      down = Math.max(1, Math.floor(height / factor / qwenUnit));
    } else if (pixels < qwenLeastPixels) {
      const factor = Math.sqrt(qwenLeastPixels / (width * height));
      across = Math.ceil((width * factor) / qwenUnit);
      down = Math.ceil((height * factor) / qwenUnit);
    }
    return across * down;
  },
};

/** As Python rounds. */
function roundHalfEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  if (rest === 0.5) return below % 2 === 0 ? below : below + 1;
  return Math.round(value);
}

/** 26 by 26 features of a 364-pixel view, 2 by 2 of them joined; the same for every size, since each view is squashed. */
export const leopard: TokenRule = {
  name: 'leopard',
  models: 'Leopard-LLaVA',
  source: { title: 'arXiv 2410.01744, section on pixel shuffling, and the released code', checked: '2026-11-24' },
  approximate: false,
  tokens: () => 169,
};

/** 24 by 24 features of a 336-pixel view. */
export const llava15: TokenRule = {
  name: 'llava-1.5',
  models: 'LLaVA-1.5',
  source: { title: 'arXiv 2310.03744, section on the model', checked: '2026-11-24' },
  approximate: false,
  tokens: () => 576,
};
