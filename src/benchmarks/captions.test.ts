import { describe, expect, it } from 'vitest';
import { fitCaptions } from './captions.ts';

const lines = (count: number, word: string): string =>
  Array.from({ length: count }, (_, i) => `${word}${i}`).join('\n');

describe('fitCaptions', () => {
  it('leaves what fits as it is', () => {
    const texts = [lines(5, 'a'), ''];
    expect(fitCaptions(texts, 100)).toEqual({ texts, cut: false });
  });

  it('gives what short captions leave to the long ones, and keeps the order of the charts', () => {
    const [long, short] = [lines(100, 'line'), 'tiny'];
    const { texts, cut } = fitCaptions([long, short, long], 300);
    expect(cut).toBe(true);
    expect(texts[1]).toBe(short);
    expect(texts.join('').length).toBeLessThanOrEqual(300);
    // A plain third would be 100 each.
    expect(texts[0]?.length).toBeGreaterThan(130);
    expect(texts[0]).toBe(texts[2]);
  });

  it('drops whole lines from the end and says so', () => {
    const { texts } = fitCaptions([lines(10, 'word')], 30);
    expect(texts[0]).toBe('word0\nword1\nword2\nword3\n[cut]');
  });

  it('leaves the mark alone where not even one line fits', () => {
    expect(fitCaptions(['x'.repeat(50)], 20).texts).toEqual(['[cut]']);
  });
});
