/** Languages of the benchmark (ISO 639-1). */
export const languages = ['en', 'de', 'es', 'fr', 'it', 'ja'] as const;

export type Language = (typeof languages)[number];

/**
 * Words without meaning of their own that one of the languages uses all the time and the others do not.
 * English has none here: it is what remains.
 */
const functionWords: Readonly<Record<Exclude<Language, 'en' | 'ja'>, string>> = {
  de:
    'und der das mit für ist nicht ein eine einen einem einer von zu auf im den dem werden auch oder bei zum zur sich ' +
    'sie wird sind aus ihre ihren ihr kann durch nach über welche welches welcher wie dieses diese dieser ich sehr',
  es:
    'el los las una para con del por que y su sus más muy es este esta cuál qué al como se cuando también sin tu son ' +
    'está pero lo ser puede usted ha no fue producto',
  fr:
    'le les des une pour avec est dans vous et du sur qui pas au aux votre vos nous ce cette ces sont par plus quel ' +
    'quelle être très sans ou il elle mais je ont leur',
  it:
    'il della delle dei degli di che gli per con è sono più nel nella alla al dal una un non questo questa quale come ' +
    'si ma anche molto ho dalla sul sulla essere loro',
};

const wordLanguages = new Map<string, Set<keyof typeof functionWords>>();
for (const [language, words] of Object.entries(functionWords)) {
  for (const word of words.split(' ')) {
    const known = wordLanguages.get(word) ?? new Set();
    known.add(language as keyof typeof functionWords);
    wordLanguages.set(word, known);
  }
}

const names: readonly (readonly [name: string, language: Language])[] = [
  ['German', 'de'],
  ['Spanish', 'es'],
  ['French', 'fr'],
  ['Italian', 'it'],
  ['Japanese', 'ja'],
];

/** Ways in which a prompt says which language it is about: "into French", "a Spanish online store". */
const stated = names.map(
  ([name, language]) =>
    [
      new RegExp(
        `\\b(?:into|in|to|from)\\s+${name}\\b|\\b${name}\\s+(?:online|website|shop|store|language|title|text|query|review|keyword)`,
      ),
      language,
    ] as const,
);

const kana = /[\u3041-\u3096\u30a1-\u30fa]/gu;
const word = /\p{L}+/gu;

/** Different function words of a language, or kana, that a text must hold, at least. */
const fewestWords = 3;
const fewestKana = 4;

/**
 * The language that a question is about besides English: the one that its prompt states, else that of the gold text,
 * else the one that the prompt is partly written in; Japanese by its script, the others by function words.
 * The prompts themselves are mostly English, which is what remains.
 * A heuristic for breakdowns, not for scores: short texts and lists of names are taken for English.
 */
export function detectLanguage(prompt: string, gold: string): Language {
  const named = stated.filter(([pattern]) => pattern.test(prompt));
  if (named.length === 1) return (named[0] as (typeof stated)[number])[1];
  return otherThanEnglish(gold) ?? otherThanEnglish(prompt) ?? 'en';
}

function otherThanEnglish(text: string): Language | undefined {
  if ((text.match(kana)?.length ?? 0) >= fewestKana) return 'ja';
  const seen = { de: new Set<string>(), es: new Set<string>(), fr: new Set<string>(), it: new Set<string>() };
  for (const match of text.toLowerCase().match(word) ?? []) {
    for (const language of wordLanguages.get(match) ?? []) seen[language].add(match);
  }
  const [best, next] = Object.entries(seen).sort((a, b) => b[1].size - a[1].size);
  if (best === undefined || best[1].size < fewestWords || best[1].size === next?.[1].size) return undefined;
  return best[0] as Language;
}
