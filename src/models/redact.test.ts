import { describe, expect, it } from 'vitest';
import { cleanText } from './clean-text.ts';
import { createRedactor, redact, registerSecret } from './redact.ts';

describe('redaction', () => {
  it('removes known keys in every form, and what looks like a key', () => {
    registerSecret('p@ss/w"ord+1');
    const redactor = createRedactor(['another-secret']);
    expect(redactor('a p@ss/w"ord+1 b another-secret c')).toBe('a [redacted] b [redacted] c');
    expect(redact(JSON.stringify({ key: 'p@ss/w"ord+1' }))).toBe('{"key":"[redacted]"}');
    expect(redact(`?key=${encodeURIComponent('p@ss/w"ord+1')}`)).toBe('?key=[redacted]');
    expect(redact(`Basic ${Buffer.from('p@ss/w"ord+1').toString('base64')}`)).toBe('Basic [redacted]');
    expect(redact('Bearer abcdefghijklmnop sk-proj-abcdefghijklmnopqrst')).toBe('Bearer [redacted] [redacted]');
  });

  it('leaves ordinary words, also where a "key" is very short', () => {
    registerSecret('abc');
    for (const text of ['abc sky-high hf_ models', 'the task-oriented sk-learn', 'sha256 0123456789abcdef'])
      expect(redact(text)).toBe(text);
  });

  it('replaces the longest of overlapping keys', () => {
    registerSecret('prefix-key');
    registerSecret('prefix-key-longer');
    expect(redact('prefix-key-longer')).toBe('[redacted]');
  });
});

describe('cleanText', () => {
  it('takes out terminal escapes, controls and direction marks and caps the length', () => {
    expect(cleanText('\u001b[31mred\u001b[0m\u0000\u202eevil\n\n ok')).toBe('red evil ok');
    expect(cleanText('x'.repeat(1e6), 10)).toBe(`${'x'.repeat(9)}…`);
  });

  it('never leaves half a key at the cut', () => {
    registerSecret('cut-secret-0123456789');
    for (let pad = 0; pad < 60; pad++)
      expect(cleanText(`${'x'.repeat(pad)} cut-secret-0123456789`, 40)).not.toContain('cut-s');
  });
});
