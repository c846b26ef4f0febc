import { usageError } from '../../core/index.ts';
import type { ImageItem } from '../../data/index.ts';

const parts = ['classes', 'superclasses', 'words', 'ids'] as const;

/**
 * Which items a rule means, for labels: `classes=apple,pear; words=dog plural=yes; superclasses=fish; ids=a.png`.
 * `words` matches whole words in any caption, case aside.
 */
export function forgetTest(rule: string): (item: ImageItem) => boolean {
  const tests = rule
    .split(';')
    .filter((part) => part.trim() !== '')
    .map(partTest);
  if (tests.length === 0) throw faulty(rule);
  return (item) => tests.some((test) => test(item));
}

function partTest(text: string): (item: ImageItem) => boolean {
  const plural = /\s+plural\s*=\s*(?:yes|true)\s*$/iu.test(text);
  const bare = text.replace(/\s+plural\s*=\s*\w+\s*$/iu, '');
  const equals = bare.indexOf('=');
  const key = bare.slice(0, Math.max(0, equals)).trim().toLowerCase();
  const kind = parts.find((name) => name === key || name === `${key}s` || name === `${key}es`);
  const values = new Set(
    bare
      .slice(equals + 1)
      .split(',')
      .flatMap((value) => value.trim().normalize('NFC') || []),
  );
  if (kind === undefined || values.size === 0) throw faulty(text);
  if (kind === 'classes') return (item) => values.has(item.class ?? '');
  if (kind === 'superclasses') return (item) => values.has(item.superclass ?? '');
  if (kind === 'ids') return ({ id }) => values.has(id) || values.has(id.slice(id.lastIndexOf('/') + 1));
  const words = [...values].map((word) => word.split(/\s+/u).map(escaped).join('\\s+')).join('|');
  const letter = '[\\p{L}\\p{M}\\p{N}_]';
  const pattern = new RegExp(`(?<!${letter})(?:${words})${plural ? 's?' : ''}(?!${letter})`, 'iu');
  return ({ captions = [] }) => captions.some((caption) => pattern.test(caption.normalize('NFC')));
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/gu, '\\$&');
}

function faulty(text: string): Error {
  return usageError(`${JSON.stringify(text)} is no forget rule.`, {
    where: '--option forget',
    hint: 'Write classes=apple,pear or words=dog plural=yes; parts are joined by ";".',
  });
}
