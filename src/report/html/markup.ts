import { shortName, visibleText } from './visible-text.ts';

const made = Symbol('markup');

/** HTML that was made by `html`, and so needs no escaping. */
export interface Markup {
  readonly [made]: true;
  readonly text: string;
}

export type MarkupValue = string | number | Markup | null | undefined | false | readonly MarkupValue[];

/**
 * HTML with every value escaped, unless it is markup itself: there is no way to put others' text in by mistake.
 * Values stand in text or in double-quoted attributes, nowhere else.
 */
export function html(strings: TemplateStringsArray, ...values: readonly MarkupValue[]): Markup {
  let text = strings[0] as string;
  for (const [i, value] of values.entries()) text += render(value) + (strings[i + 1] as string);
  return trusted(text);
}

/** Others' name within a sentence or cell: shortened, and kept from reordering what stands beside it. */
export const named = (name: string, longest?: number): Markup => html`<bdi>${shortName(name, longest)}</bdi>`;

/** For texts of our own alone: the style sheet, the script. */
export const trusted = (text: string): Markup => ({ [made]: true, text });

function render(value: MarkupValue): string {
  if (value === null || value === undefined || value === false) return '';
  if (typeof value === 'string') return escapeHtml(value);
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value)) return value.map(render).join('');
  // What only looks like markup, a parsed JSON object, does not carry the symbol.
  return made in value ? value.text : escapeHtml(JSON.stringify(value));
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Others' text for HTML: markup escaped, control characters shown instead of obeyed. */
export function escapeHtml(text: string): string {
  return visibleText(text).replace(/[&<>"']/g, (character) => entities[character] as string);
}
