import { describe, expect, it } from 'vitest';
import { imageTokens, tokenRules, tokensByFamily } from './index.ts';

describe('imageTokens', () => {
  // Worked examples of the providers' own pages, or measured by users of their services where the comment says so.
  it.each([
    ['openai-tiles', 1024, 1024, 765],
    ['openai-tiles', 2048, 4096, 1105],
    ['openai-tiles', 128, 64, 255], // measured
    ['openai-tiles', 512, 512, 255],
    ['openai-tiles', 364, 364, 255],
    ['openai-low-detail', 4096, 8192, 85],
    ['openai-gpt-4.1-mini', 1024, 1024, 1659], // 1,024 patches
    ['openai-gpt-4.1-mini', 1800, 2400, 2353], // 1,452 patches
    ['openai-o4-mini', 32, 32, 2],
    ['openai-gpt-4.1-nano', 1, 1, 3],
    ['anthropic', 1000, 1000, 1334],
    ['anthropic', 200, 200, 54],
    ['anthropic', 8000, 8000, 1600],
    ['anthropic', 3136, 784, 820], // the edge decides: 1568 by 392
    ['anthropic-high-resolution', 2000, 1000, 2667],
    ['anthropic-high-resolution', 8000, 8000, 4784],
    ['gemini', 384, 384, 258],
    ['gemini', 960, 540, 6 * 258],
    ['gemini', 3072, 3072, 16 * 258],
    ['gemini', 385, 100, 2 * 258],
    ['gemini-3', 100, 9000, 1120],
    ['qwen2-vl', 364, 364, 169],
    ['qwen2-vl', 28, 28, 4], // brought up to the least
    ['qwen2-vl', 42, 28 * 10, 20], // 1.5 units round to the even 2
    ['qwen2-vl', 70, 28 * 10, 20], // so do 2.5
    ['leopard', 3508, 182, 169],
    ['llava-1.5', 10, 10, 576],
  ])('%s: %i by %i pixels are %i tokens', (family, width, height, tokens) => {
    expect(imageTokens(family, { width, height })).toBe(tokens);
  });

  it('stays within the published bounds for every size', () => {
    for (let width = 1; width < 12_000; width = Math.ceil(width * 1.37)) {
      for (let height = 1; height < 12_000; height = Math.ceil(height * 1.41)) {
        const size = { width, height };
        expect(imageTokens('openai-gpt-4.1-mini', size)).toBeLessThanOrEqual(Math.ceil(1536 * 1.62));
        expect(imageTokens('anthropic', size)).toBeLessThanOrEqual(1600);
        if (Math.max(width, height) / Math.min(width, height) <= 200) {
          const qwen = imageTokens('qwen2-vl', size);
          expect(qwen).toBeGreaterThanOrEqual(4);
          expect(qwen).toBeLessThanOrEqual(16_384);
        }
        for (const { name } of tokenRules) {
          if (name !== 'qwen2-vl') expect(Number.isInteger(imageTokens(name, size)), name).toBe(true);
        }
      }
    }
  });

  it('names the families it knows, and refuses sizes that are none', () => {
    expect(() => imageTokens('gpt-9', { width: 1, height: 1 })).toThrow(/no family "gpt-9"/);
    for (const side of [0, -1, NaN, Infinity]) {
      expect(() => imageTokens('leopard', { width: side, height: 3 })).toThrow(/no tokens to count/);
    }
    expect(() => imageTokens('qwen2-vl', { width: 10_000, height: 1 })).toThrow(/refuses/);
  });
});

describe('tokensByFamily', () => {
  it('adds up, and has null where a family refuses an image', () => {
    const sums = tokensByFamily([
      { width: 364, height: 364 },
      { width: 10_000, height: 1 },
    ]);
    expect(sums).toMatchObject({ leopard: 338, 'openai-low-detail': 170, 'qwen2-vl': null });
    expect(Object.keys(sums)).toEqual(tokenRules.map(({ name }) => name));
  });
});
