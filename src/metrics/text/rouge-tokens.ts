import { porterStem } from './porter-stemmer.ts';

/** Stems are asked for again and again; the memory is emptied when it has this many. */
const stemMemoryLimit = 50_000;
const stems = new Map<string, string>();

function stem(token: string): string {
  // Longer tokens are views into the text they come from: remembering them would keep whole replies in memory.
  if (token.length > 12) return porterStem(token);
  let known = stems.get(token);
  if (known === undefined) {
    known = porterStem(token);
    if (stems.size >= stemMemoryLimit) stems.clear();
    stems.set(token, known);
  }
  return known;
}

export interface RougeTokenOptions {
  /** Porter-stem tokens longer than three letters. Default true. */
  readonly useStemmer?: boolean;
}

/**
 * Lowercase runs of `a-z0-9`; everything else separates, so text in other scripts has no tokens.
 * The tokenizer of Google's `rouge_score` (after Lin's ROUGE-1.5.5).
 */
export function rougeTokens(text: string, { useStemmer = true }: RougeTokenOptions = {}): string[] {
  const tokens = text.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  if (useStemmer) {
    for (let i = 0; i < tokens.length; i++) {
      const token = tokens[i] as string;
      if (token.length > 3) tokens[i] = stem(token);
    }
  }
  return tokens;
}
