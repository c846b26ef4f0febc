// Texts of our own, made from a seed: words with many endings, titles, numbers, markup, several scripts, hostile spacing.

/** mulberry32: enough for test texts. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export type Pick = <T>(items: readonly T[]) => T;

export function picker(random: () => number): Pick {
  return <T>(items: readonly T[]) => items[Math.floor(random() * items.length)] as T;
}

const onsets = [
  'b',
  'br',
  'c',
  'ch',
  'd',
  'f',
  'fl',
  'g',
  'gr',
  'h',
  'j',
  'k',
  'l',
  'm',
  'n',
  'p',
  'pl',
  'qu',
  'r',
  's',
  'st',
  't',
  'tr',
  'v',
  'w',
  'x',
  'y',
  'z',
  '',
];
const vowels = ['a', 'e', 'i', 'o', 'u', 'y', 'ea', 'ee', 'oo', 'ie', 'ou', 'ay', 'oy'];
const codas = [
  '',
  'b',
  'ck',
  'd',
  'g',
  'l',
  'll',
  'm',
  'n',
  'nn',
  'p',
  'pp',
  'r',
  's',
  'ss',
  't',
  'tt',
  'w',
  'x',
  'y',
  'z',
  'zz',
  'at',
  'bl',
  'iz',
];
const endings = [
  '',
  '',
  '',
  's',
  'es',
  'ies',
  'ied',
  'ed',
  'eed',
  'ing',
  'ings',
  'y',
  'ly',
  'ally',
  'alli',
  'ational',
  'tional',
  'enci',
  'ency',
  'anci',
  'izer',
  'bli',
  'ably',
  'entli',
  'ently',
  'eli',
  'ousli',
  'ously',
  'ization',
  'ation',
  'ator',
  'alism',
  'iveness',
  'fulness',
  'ousness',
  'aliti',
  'ality',
  'ivity',
  'biliti',
  'fulli',
  'fully',
  'logi',
  'logy',
  'icate',
  'ative',
  'alize',
  'iciti',
  'ical',
  'ful',
  'ness',
  'ance',
  'ence',
  'er',
  'ic',
  'able',
  'ible',
  'ant',
  'ement',
  'ment',
  'ent',
  'ion',
  'sion',
  'tion',
  'ou',
  'ism',
  'ate',
  'iti',
  'ous',
  'ive',
  'ize',
  'e',
  'le',
  'll',
];
const known = [
  'the',
  'a',
  'of',
  'skies',
  'dying',
  'lying',
  'news',
  'innings',
  'proceed',
  'headphones',
  'wireless',
  'bottles',
  'stainless',
  'agreed',
  'feed',
  'flies',
  'dies',
  'enjoyment',
  'geologies',
  'conditional',
  'relational',
  'controlling',
  'sky',
  'happy',
  'replacement',
  'adoption',
];
const odd = [
  '1,000.5',
  '3.14',
  '$9.99',
  '50%',
  'x-ray',
  'state-of-the-art',
  "don't",
  '&quot;',
  '&amp;lt;',
  '&lt;b&gt;',
  '&#39;',
  '<skipped>',
  'a.b.c',
  '1..5',
  'x,,5',
  '...',
  '--',
  '5-7',
  '7-',
  'U.S.',
  'e.g.,',
  '(ok)',
  '[1]',
  '{x}',
  '~',
  '`code`',
  '@me',
  '#tag',
  'a/b',
  '№5',
  '€20',
  '½',
  '²',
  'naïve',
  'Straße',
  'İstanbul',
  'ΟΔΟΣ',
  'ſhort',
  'ﬁne',
  'K2',
  '你好',
  '红色',
  '無線',
  'イヤホン',
  'ワイヤレス',
  'ﾊﾝｶｸ',
  'ＦＵＬＬ',
  '한국어',
  'москва',
  'عربي',
  '😀',
  '👩‍👩‍👧',
  '\u0301',
  '\u00ad',
  '\u200b',
  '\ufeff',
  '𝒳',
  '𠮷',
  '。',
  '，',
  '、',
  '「x」',
  '٣',
  '٣.٤',
  '\\',
  '|',
  '"quoted"',
  "''",
  '!!!',
  '?',
  ';',
  ':',
];
const spaces = [
  ' ',
  ' ',
  ' ',
  ' ',
  ' ',
  ' ',
  ' ',
  '  ',
  '\t',
  '\n',
  '\n\n',
  '-\n',
  '\r\n',
  '\u00a0',
  '\u3000',
  '\u2028',
  '\u0085',
  '\u001c',
  '\u000b',
  '',
];

export function randomWord(random: () => number): string {
  const pick = picker(random);
  let word = '';
  const syllables = 1 + Math.floor(random() * 3);
  for (let i = 0; i < syllables; i++) word += pick(onsets) + pick(vowels) + pick(codas);
  word += pick(endings);
  const style = random();
  if (style < 0.1) return word[0]?.toUpperCase() + word.slice(1);
  return style < 0.13 ? word.toUpperCase() : word;
}

/** A text of up to `longest` tokens. `hostility` is the share of odd tokens and spaces. */
export function randomText(random: () => number, longest: number, hostility: number): string {
  const pick = picker(random);
  const count = Math.floor(random() * (longest + 1));
  let text = '';
  for (let i = 0; i < count; i++) {
    const kind = random();
    if (kind < hostility) text += pick(odd);
    else text += kind < hostility + 0.25 ? pick(known) : randomWord(random);
    if (random() < 0.12) text += pick([',', '.', '!', '?', ';']);
    text += random() < hostility ? pick(spaces) : ' ';
  }
  return random() < 0.7 ? text.trimEnd() : text;
}

/** A reply that shares much with the reference: tokens dropped, doubled, swapped, changed. */
export function mutate(random: () => number, reference: string, hostility: number): string {
  const pick = picker(random);
  const parts = reference.split(/(?<=\s)/u);
  const rate = random() * 0.6;
  const out: string[] = [];
  for (const part of parts) {
    const dice = random();
    if (dice > rate) out.push(part);
    else if (dice < rate * 0.3) out.push(`${randomWord(random)} `);
    else if (dice < rate * 0.5) out.push(part, part);
    else if (dice < rate * 0.7) out.push(`${part.trim()}${pick(endings)} `);
    else if (dice < rate * 0.8 && out.length > 0) out.splice(Math.floor(random() * out.length), 0, part);
  }
  return out.join('') + (random() < 0.3 ? randomText(random, 6, hostility) : '');
}
