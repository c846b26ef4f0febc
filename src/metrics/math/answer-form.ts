import type { Expr } from './expression.ts';

/** What an answer is, as far as it matters for equality. */
export type AnswerForm =
  | { readonly kind: 'value'; readonly expr: Expr; readonly source: string; readonly unit: string | undefined }
  | { readonly kind: 'text'; readonly text: string }
  /** Several answers in a row, without brackets. */
  | { readonly kind: 'list'; readonly items: readonly AnswerForm[] }
  | { readonly kind: 'set'; readonly items: readonly AnswerForm[] }
  /** Two or more parts in brackets: a point, a tuple or an interval. */
  | { readonly kind: 'tuple'; readonly open: string; readonly close: string; readonly items: readonly AnswerForm[] }
  | { readonly kind: 'union'; readonly items: readonly AnswerForm[] }
  | { readonly kind: 'matrix'; readonly rows: readonly (readonly AnswerForm[])[] }
  | {
      readonly kind: 'relation';
      readonly relation: string;
      readonly left: Expr;
      readonly right: Expr;
      readonly source: string;
    }
  /** A numeral with its base, as 52_8. */
  | { readonly kind: 'based'; readonly digits: string; readonly base: string }
  /** Numbers between colons: a time or a ratio. */
  | { readonly kind: 'colon'; readonly items: readonly string[]; readonly suffix: string };

/** Words in one way of writing: no case, no punctuation at the ends, single spaces. */
export function plainWords(text: string): string {
  return text
    .replace(/\\(?:text|mbox|textbf|textit|mathrm|textrm|operatorname)\s*\{([^{}]*)\}/g, ' $1 ')
    .replace(/\\[a-zA-Z]+|[{}$\\]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^[\s"'“”‘’(.]+|[\s"'“”‘’).,;!]+$/gu, '')
    .toLowerCase();
}
