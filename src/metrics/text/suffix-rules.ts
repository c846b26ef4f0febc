export interface SuffixRule {
  readonly suffix: string;
  readonly replacement: string;
}

/** Finds the first rule, in the order given, whose suffix the word has. */
export type SuffixRules = (word: string) => SuffixRule | undefined;

/** Rules are grouped by their last letter, so that most words are decided by one look-up. */
export function rulesByLastLetter(rules: readonly (readonly [suffix: string, replacement: string])[]): SuffixRules {
  const groups: SuffixRule[][] = [];
  for (const [suffix, replacement] of rules) {
    const letter = suffix.charCodeAt(suffix.length - 1);
    (groups[letter] ??= []).push({ suffix, replacement });
  }
  return (word) => {
    const group = groups[word.charCodeAt(word.length - 1)];
    if (group === undefined) return undefined;
    for (const rule of group) if (word.endsWith(rule.suffix)) return rule;
    return undefined;
  };
}
