import { rulesByLastLetter, type SuffixRules } from './suffix-rules.ts';

/** Words whose stem the rules get wrong, as NLTK lists them. */
const irregular = new Map([
  ['sky', 'sky'],
  ['skies', 'sky'],
  ['dying', 'die'],
  ['lying', 'lie'],
  ['tying', 'tie'],
  ['news', 'news'],
  ['innings', 'inning'],
  ['inning', 'inning'],
  ['outings', 'outing'],
  ['outing', 'outing'],
  ['cannings', 'canning'],
  ['canning', 'canning'],
  ['howe', 'howe'],
  ['proceed', 'proceed'],
  ['exceed', 'exceed'],
  ['succeed', 'succeed'],
]);

const step1a = rulesByLastLetter([
  ['sses', 'ss'],
  ['ies', 'i'],
  ['ss', 'ss'],
  ['s', ''],
]);

const step2 = rulesByLastLetter([
  ['ational', 'ate'],
  ['tional', 'tion'],
  ['enci', 'ence'],
  ['anci', 'ance'],
  ['izer', 'ize'],
  ['bli', 'ble'],
  ['entli', 'ent'],
  ['eli', 'e'],
  ['ousli', 'ous'],
  ['ization', 'ize'],
  ['ation', 'ate'],
  ['ator', 'ate'],
  ['alism', 'al'],
  ['iveness', 'ive'],
  ['fulness', 'ful'],
  ['ousness', 'ous'],
  ['aliti', 'al'],
  ['iviti', 'ive'],
  ['biliti', 'ble'],
  ['fulli', 'ful'],
]);

const step3 = rulesByLastLetter([
  ['icate', 'ic'],
  ['ative', ''],
  ['alize', 'al'],
  ['iciti', 'ic'],
  ['ical', 'ic'],
  ['ful', ''],
  ['ness', ''],
]);

// 'ement' before 'ment' before 'ent': the first suffix that fits decides, whether or not its condition holds.
const step4 = rulesByLastLetter(
  'al ance ence er ic able ible ant ement ment ent ion ou ism ate iti ous ive ize'
    .split(' ')
    .map((suffix) => [suffix, ''] as const),
);

/** One entry a letter: true for a consonant. A `y` is a consonant at the start and after a vowel. */
let consonant = new Uint8Array(64);

function classify(word: string, length: number): void {
  if (consonant.length < length) consonant = new Uint8Array(length * 2);
  for (let i = 0; i < length; i++) {
    switch (word.charCodeAt(i)) {
      case 97:
      case 101:
      case 105:
      case 111:
      case 117:
        consonant[i] = 0;
        break;
      case 121:
        consonant[i] = i === 0 || consonant[i - 1] === 0 ? 1 : 0;
        break;
      default:
        consonant[i] = 1;
    }
  }
}

/** Porter's m: how often a vowel is followed by a consonant in the first `length` letters. */
function measure(word: string, length: number): number {
  classify(word, length);
  let count = 0;
  for (let i = 1; i < length; i++) if (consonant[i] === 1 && consonant[i - 1] === 0) count++;
  return count;
}

function containsVowel(word: string, length: number): boolean {
  classify(word, length);
  for (let i = 0; i < length; i++) if (consonant[i] === 0) return true;
  return false;
}

/** Porter's *o, and NLTK's addition of two-letter stems (vowel, consonant). */
function endsShort(word: string, length: number): boolean {
  classify(word, length);
  if (length === 2) return consonant[0] === 0 && consonant[1] === 1;
  if (length < 3) return false;
  const last = word[length - 1];
  return (
    consonant[length - 3] === 1 &&
    consonant[length - 2] === 0 &&
    consonant[length - 1] === 1 &&
    last !== 'w' &&
    last !== 'x' &&
    last !== 'y'
  );
}

function endsDoubleConsonant(word: string): boolean {
  const { length } = word;
  if (length < 2 || word[length - 1] !== word[length - 2]) return false;
  classify(word, length);
  return consonant[length - 1] === 1;
}

function applyWherePositive(word: string, rules: SuffixRules, above: number): string {
  const rule = rules(word);
  if (rule === undefined) return word;
  const stemLength = word.length - rule.suffix.length;
  return measure(word, stemLength) > above ? word.slice(0, stemLength) + rule.replacement : word;
}

function plural(word: string): string {
  if (word.length === 4 && word.endsWith('ies')) return word.slice(0, -1);
  const rule = step1a(word);
  return rule === undefined ? word : word.slice(0, word.length - rule.suffix.length) + rule.replacement;
}

function pastAndProgressive(word: string): string {
  if (word.endsWith('ied')) return word.length === 4 ? word.slice(0, -1) : word.slice(0, -2);
  if (word.endsWith('eed')) return measure(word, word.length - 3) > 0 ? word.slice(0, -1) : word;
  const cut = word.endsWith('ed') ? 2 : word.endsWith('ing') ? 3 : 0;
  if (cut === 0 || !containsVowel(word, word.length - cut)) return word;
  const stem = word.slice(0, -cut);
  if (stem.endsWith('at') || stem.endsWith('bl') || stem.endsWith('iz')) return `${stem}e`;
  if (endsDoubleConsonant(stem)) {
    return stem.endsWith('l') || stem.endsWith('s') || stem.endsWith('z') ? stem : stem.slice(0, -1);
  }
  return measure(stem, stem.length) === 1 && endsShort(stem, stem.length) ? `${stem}e` : stem;
}

function finalY(word: string): string {
  if (word.length < 3 || !word.endsWith('y')) return word;
  classify(word, word.length - 1);
  return consonant[word.length - 2] === 1 ? `${word.slice(0, -1)}i` : word;
}

function doubleSuffixes(word: string): string {
  let current = word;
  while (current.endsWith('alli') && measure(current, current.length - 4) > 0) current = current.slice(0, -2);
  // The l of -logi counts with the stem, so that `geo` and `theo` behave like `philo`.
  if (current.endsWith('logi')) return measure(current, current.length - 3) > 0 ? current.slice(0, -1) : current;
  return applyWherePositive(current, step2, 0);
}

function longSuffixes(word: string): string {
  const rule = step4(word);
  if (rule === undefined) return word;
  const stemLength = word.length - rule.suffix.length;
  if (measure(word, stemLength) <= 1) return word;
  if (rule.suffix === 'ion' && word[stemLength - 1] !== 's' && word[stemLength - 1] !== 't') return word;
  return word.slice(0, stemLength);
}

function finalE(word: string): string {
  if (!word.endsWith('e')) return word;
  const stemLength = word.length - 1;
  const m = measure(word, stemLength);
  return m > 1 || (m === 1 && !endsShort(word, stemLength)) ? word.slice(0, -1) : word;
}

function finalDoubleL(word: string): string {
  return word.endsWith('ll') && measure(word, word.length - 1) > 1 ? word.slice(0, -1) : word;
}

/**
 * The stem of one lowercase word.
 *
 * M. Porter, An algorithm for suffix stripping, Program 14(3), 1980, with the deviations of NLTK's default mode
 * (irregular words, short -ies and -ied, -y after consonants only, -alli first, -fulli, -logi, two-letter *o).
 */
export function porterStem(word: string): string {
  const known = irregular.get(word);
  if (known !== undefined) return known;
  if (word.length <= 2) return word;
  let stem = pastAndProgressive(plural(word));
  stem = doubleSuffixes(finalY(stem));
  stem = longSuffixes(applyWherePositive(stem, step3, 0));
  return finalDoubleL(finalE(stem));
}
