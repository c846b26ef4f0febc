import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { makeResult, shopBenchmark, shopResults, shopTasks } from './__fixtures__/results.ts';
import { escapeTerminal } from './escape-terminal.ts';
import { renderTable } from './render-table.ts';
import { summarize } from './summarize.ts';
import { fitWidth } from './text-table.ts';

const attacks = [
  '\u001b]8;;http://evil.example\u0007click\u001b]8;;\u0007',
  '\u001b]0;title\u0007',
  '\u001b[2J\u001b[H',
  '\u009b31mred',
  'safe\u202egnp.exe',
  'a\r\nb\0c\u200bd\u2066e\ud800',
];

describe('escapeTerminal', () => {
  it('writes out what a terminal would obey', () => {
    expect(escapeTerminal('\u001b]0;x\u0007')).toBe('\\x1b]0;x\\x07');
    expect(escapeTerminal('a\n\tb\u202e\u009b')).toBe('a\\n\\tb\\u{202e}\\x9b');
    expect(escapeTerminal('a\n\tb\r', { keepLines: true })).toBe('a\n\tb\\r');
  });

  it('leaves text of all scripts alone', () => {
    for (const text of ['naïve', '日本語', 'مرحبا', '👩‍👩‍👧', 'क्षि']) expect(escapeTerminal(text)).toBe(text);
  });

  it.each(attacks)('is done after one pass over %j', (attack) => {
    // eslint-disable-next-line no-control-regex
    expect(escapeTerminal(attack)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\u200b]/);
    expect(escapeTerminal(escapeTerminal(attack))).toBe(escapeTerminal(attack));
  });
});

describe('fitWidth', () => {
  it('counts wide characters as two and cuts between characters', () => {
    expect(fitWidth('日本語日本語', 7)).toBe('日本語…');
    expect(fitWidth('short', 7)).toBe('short');
    expect(fitWidth('👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧', 3)).toBe('👩‍👩‍👧…');
  });

  it('does not let combining marks or a huge word through', () => {
    expect(fitWidth(`a${'\u0301'.repeat(10_000)}b`, 10).length).toBeLessThan(200);
    expect(stringWidth(fitWidth('x'.repeat(1_000_000), 20))).toBe(20);
  });
});

describe('renderTable', () => {
  const shop = () =>
    summarize({
      benchmark: shopBenchmark,
      mode: 'strict',
      tasks: shopTasks,
      results: shopResults({ seed: 'a', skill: 0.6 }),
      includeSamples: false,
      run: { id: '20260101-abc', models: { main: 'local:tiny' }, seconds: 75, method: 'direct' },
    });

  it('shows tasks under their groups with figure, interval and rates', async () => {
    const text = renderTable(await shop());
    expect(text).toMatch(/^corner-shop · mode strict · run 20260101-abc\n/);
    expect(text).toMatch(/^reasoning +48 +0\.688 +0\.\d{3}–0\.\d{3} /m);
    expect(text).toMatch(/^ {2}pack arithmetic +24 +0\.583 /m);
    expect(text).toMatch(/^overall +216 +0\.633 /m);
    expect(text).toContain('model: local:tiny');
    expect(text).toContain('75 s');
  });

  it.each([60, 80, 120])('fits %i columns', async (width) => {
    for (const line of renderTable(await shop(), { width, color: true }).split('\n')) {
      expect(stringWidth(line)).toBeLessThanOrEqual(width);
    }
  });

  it('writes ASCII alone where it is asked to', async () => {
    // eslint-disable-next-line no-control-regex
    expect(renderTable(await shop(), { unicode: false })).toMatch(/^[\u0000-\u007f]*$/);
  });

  it('lets no control character of others through', async () => {
    for (const attack of attacks) {
      const results = [
        makeResult({ task: attack, index: 0 }),
        makeResult({
          task: attack,
          index: 1,
          status: 'failed',
          scores: {},
          error: { code: 'x', message: attack, hint: attack },
        }),
        makeResult({ task: `${attack}2`, index: 2, score: { value: null, reason: attack } }),
      ];
      const summary = await summarize({
        benchmark: { name: attack, groupBy: 'skill' },
        mode: attack,
        tasks: [{ name: attack, labels: { skill: attack, metric: attack } }],
        results,
        includeSamples: false,
        run: { id: attack, models: { main: attack, [attack]: attack }, method: attack },
        notes: [attack],
      });
      const text = renderTable(summary, { width: 120, color: false });
      // eslint-disable-next-line no-control-regex
      expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\u200b]/);
      for (const line of text.split('\n')) expect(stringWidth(line)).toBeLessThanOrEqual(120);
    }
  });

  it('says why a task has no score', async () => {
    const summary = await summarize({
      mode: 'strict',
      tasks: [{ name: 'colours' }],
      results: [makeResult({ score: { value: null, reason: 'encoder missing' } })],
      includeSamples: false,
    });
    expect(renderTable(summary)).toContain('not scored: colours: encoder missing');
  });
});
