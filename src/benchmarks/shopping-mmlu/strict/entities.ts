import { pythonStringList } from '../python/literal.ts';
import { withoutThoughts } from './clean.ts';

export type EntityReading =
  | { readonly entities: readonly string[]; readonly from: string }
  | { readonly unread: string };

const none =
  /^(?:none|nothing|n\/a|no (?:entity|entities|such (?:phrase|entity)s?)(?: found)?|null|keine|ninguna|ninguno|aucune?|nessun[ao]?|なし)[.!]?$/i;
const bullet = /^\s*(?:[-*•·]|\d{1,2}[.)])\s+/;
const opening = /[\s"'“”‘’«「『[({]/;
const closing = /[\s"'“”‘’»」』\])}.。;]/;

/** "Brand: ", "The product type is ", "Output: ": what a reply says before the phrases. */
function labelPattern(entityType: string | undefined): RegExp {
  const type = entityType === undefined ? '' : `|${entityType.replace(/[^\p{L}\p{N} ]/gu, '.')}s?`;
  const names = `entit(?:y|ies)|phrases?|answers?|output|antwort|respuesta|réponse|risposta|答え|出力${type}`;
  return new RegExp(
    `^(?:the\\s+)?(?:${names})(?:\\s+(?:in|from|of)\\s+[^:]{1,30})?\\s*(?:["”]?\\s*[:：=]|\\s(?:is|are)\\b:?)\\s*`,
    'i',
  );
}

/** The entity type that a prompt of the benchmark asks for: "... the entity type 'brand'". */
function entityTypeIn(prompt: string): string | undefined {
  return /entity type ['"“‘]([^'"”’\n]{1,40})['"”’]/i.exec(prompt)?.[1];
}

/** Phrases as they are compared: without case, doubled spaces and HTML's ampersands. */
export function comparableEntity(text: string): string {
  return text
    .normalize('NFC')
    .toLowerCase()
    .replaceAll('&amp;', '&')
    .replaceAll('&#39;', "'")
    .replaceAll('&quot;', '"')
    .split(/\s+/)
    .filter((part) => part !== '')
    .join(' ');
}

/**
 * The phrases that a reply gives: of its first line (the second, where the first only announces them), split at commas;
 * a JSON or Python list as a whole. Labels, bullets, quotes, brackets and a full stop at the end are taken off,
 * repeats dropped. "none" is a reading of its own: no phrases.
 */
export function readEntities(reply: string, prompt: string): EntityReading {
  const text = withoutThoughts(reply).trim();
  if (text === '') return { unread: 'the reply is empty' };
  const list = pythonStringList(text) ?? pythonStringList(text.replace(/^```\w*\n?|\n?```$/g, ''));
  if (list !== undefined) return { entities: distinct(list), from: 'a list' };
  const lines = text.split(/\r\n|\r|\n/).filter((line) => line.trim() !== '' && !/^\s*```/.test(line));
  const announced = lines.length > 1 && /[:：]\s*$/.test(lines[0] as string);
  const line = plainQuotes((announced ? lines[1] : lines[0]) ?? '').trim();
  const label = labelPattern(entityTypeIn(prompt));
  const content = line.replace(bullet, '').replace(label, '');
  if (none.test(content.trim())) return { entities: [], from: `"${content.trim()}"` };
  const inner = pythonStringList(content);
  const entities = distinct(inner ?? content.split(/[,、，;]/).map(stripped));
  if (entities.length === 0) return { unread: 'the line has no phrases' };
  return { entities, from: announced ? 'the line after the announcement' : 'the first line' };
}

/** Markdown's emphasis off; everything else as it is. */
function plainQuotes(line: string): string {
  return line.replace(/\*\*|__|`/g, '');
}

function stripped(phrase: string): string {
  let start = 0;
  let end = phrase.length;
  while (start < end && opening.test(phrase[start] as string)) start++;
  while (end > start && closing.test(phrase[end - 1] as string)) end--;
  return phrase.slice(start, end);
}

function distinct(phrases: readonly string[]): string[] {
  const seen = new Set<string>();
  return phrases.filter((phrase) => {
    const key = comparableEntity(phrase);
    if (key === '' || seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
