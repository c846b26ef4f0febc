import { describe, expect, it, vi } from 'vitest';
import { createProgress } from '../core/index.ts';
import { drawProgress, duration, progressText } from './progress-line.ts';

it.each([
  [0.2, '1 s'],
  [59, '59 s'],
  [59.6, '1 min 0 s'],
  [101, '1 min 41 s'],
  [119.7, '2 min 0 s'],
  [3599.8, '1 h 0 min'],
  [7199, '2 h 0 min'],
  [Infinity, '?'],
])('writes %d seconds as %s', (seconds, text) => expect(duration(seconds)).toBe(text));

describe('progress', () => {
  it('says done, rate, in flight, limit, tokens, money and time left', () => {
    const progress = {
      ...createProgress(200),
      completed: 48,
      failed: 2,
      wastedCalls: 3,
      inputTokens: 12_345,
      outputTokens: 99,
      cost: 0.1234,
    };
    expect(progressText(progress, [{ limit: 32.7, inFlight: 30, queued: 5 }], 10, 5)).toBe(
      '50/200 (25 %) · 5.0/s · 30 in flight, limit 32 · 2 failed · 3 retried · 12.3k in + 99 out tokens · 0.1234 spent · 30 s left',
    );
  });

  it.each([true, false])('is drawn at most ten times a second (terminal: %s)', (isTerminal) => {
    vi.useFakeTimers();
    try {
      const progress = createProgress(1000);
      const written: string[] = [];
      const drawing = drawProgress({
        progress,
        limits: () => [],
        write: (text) => void written.push(text),
        isTerminal,
        columns: () => 80,
      });
      for (let i = 0; i < 100; i++) {
        progress.completed += 1;
        vi.advanceTimersByTime(100);
      }
      drawing.end();
      expect(written.length).toBeGreaterThan(1);
      expect(written.length).toBeLessThanOrEqual(101);
      expect(written.at(-1)).toMatch(/\n$/);
      if (!isTerminal) for (const line of written) expect(line).not.toContain('\u001B');
    } finally {
      vi.useRealTimers();
    }
  });
});
