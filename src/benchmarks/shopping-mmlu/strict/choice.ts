import { type Choices, letterOf } from '../choices.ts';
import { plainSigns, withoutThoughts } from './clean.ts';
import { cues } from './choice-cues.ts';
import { standaloneNumbers } from './standalone-numbers.ts';

/** What was read from a reply, or why nothing was. */
export type ChoiceReading = { readonly option: number; readonly from: string } | { readonly unread: string };

const unknownOptions: Choices = { numbers: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], letters: false };

const whole =
  /^[\s("'“‘«[{<#「]*(?:options?|choice|answer|antwort|opción|respuesta|choix|réponse|opzione|risposta|答え|回答|正解)?[\s:.#("'“‘[{<「]*(\d{1,2}|[A-Za-z])(?:\.0+)?[\s)"'”’»\]}>.,:;!。、」]*$/i;
const leading =
  /^[\s("'“‘[{<#]*(?:[Oo]ptions?|[Cc]hoice|[Oo]pción|[Cc]hoix|[Oo]pzione)?\s*[("'[{<#]*(\d{1,2}|[A-Z])(?:[)"'”’\]}>]|[.:](?!\d)|,(?!\s*\d)|(?=\s+[-–—=(]|\s*[-–—]\s|\s*$|\s+(?:because|since|as|is|weil|da|porque|ya|car|parce|perché|perche)\b))\s*(.*)/;
const listLine = /^[\s("'[*-]*(\d{1,2}|[A-Z])[.):\]]\s*\S/;
const alternative =
  /^[\s)"'\]]*(?:,|\/|&|or|and|oder|und|o|y|ou|et|e|または|か)\s*(?:option\s+)?[("'[]*(\d{1,2}|[A-Z])(?![\p{L}\p{N}]|[.,]\d)/u;
const ofFive = /(?<![\d.,])([1-5])(?:\.0)?\s*(?:\/|of|out of|von|de|sur|su)\s*5(?![\d]|[.,]\d)/gi;
const stars =
  /(?<![\d.,]|(?:\/|of|von|de|sur|su)\s*)([1-5])(?:\.0)?[\s-]*(?:stars?|sterne?n?|estrellas?|étoiles?|stell[ae]|つ星|星)(?!のうち)/gi;
const starsOfFive = /5つ?星(?:のうち|中)\s*([1-5])/g;
/** What may follow a number without making it a count of something. */
const endOfStatement =
  /^[)"'”’\]}>」]*(?:$|\s*$|[.,;:!?。、](?!\d)|\s+(?:because|since|as|is|weil|porque|car|perché|and\s+not)\b|\s*[-–—]\s|\s*\n|です|が|番)/;

/**
 * The option that a reply names: alone; after words such as "the answer is"; at its start with a dot, bracket or dash;
 * or as the one number that stands by itself. Letters count in the order of the options. Two different options, or
 * an option's text without its number, leave the reply unread: a wrong guess is worse.
 */
export function readChoice(reply: string, choices: Choices | undefined): ChoiceReading {
  const text = shortened(plainSigns(withoutThoughts(reply)));
  if (text === '') return { unread: 'the reply is empty' };
  const known = choices ?? unknownOptions;
  const texts = known.texts;
  const number = (label: string): number | undefined => {
    // Where the prompt names options by letters, a number could be anything.
    if (/^\d+$/.test(label))
      return known.letters ? undefined : known.numbers.find((option) => option === Number(label));
    if (texts === undefined) return undefined;
    return known.numbers[label.toUpperCase().charCodeAt(0) - 65];
  };

  const alone = whole.exec(text)?.[1];
  if (alone !== undefined) {
    const option = number(alone);
    return option === undefined ? { unread: `there is no option ${alone}` } : { option, from: 'the whole reply' };
  }
  if (texts?.some((option) => comparable(option) === comparable(text)) === true) {
    return { unread: 'the reply has the text of an option, not its number' };
  }

  for (const pattern of [cues.final, cues.answer]) {
    const named = afterCues(text, pattern, number);
    if (named.size > 0) return settle(named, known, 'different options are called the answer');
  }
  if (texts === undefined && known.numbers.at(-1) === 5) {
    const rated: Named = new Map();
    for (const pattern of [ofFive, stars, starsOfFive]) {
      for (const match of text.matchAll(pattern)) rated.set(Number(match[1]), { words: match[0], rest: '' });
    }
    if (rated.size > 0) return settle(rated, known, 'different ratings');
  }

  const listed = new Set(text.split('\n').flatMap((line) => listLine.exec(line)?.[1] ?? []));
  if (listed.size > 1) return { unread: 'the reply lists several options' };
  const line = text.split('\n')[0] as string;
  const first = leading.exec(line);
  const option = first === null ? undefined : number(first[1] as string);
  if (option !== undefined) {
    const further = /^[\d\s.,)]+$/.test(first?.[2] ?? '') ? (first?.[2]?.match(/\d+/g) ?? []) : [];
    if (further.some((label) => Number(label) !== option)) return { unread: 'the reply lists several numbers' };
    return settle(new Map([[option, { words: line.slice(0, 60), rest: first?.[2] ?? '' }]]), known, '');
  }

  const named = afterCues(text, cues.option, number);
  for (const { value, end, start } of standaloneNumbers(text)) {
    if (number(String(value)) === undefined || !endOfStatement.test(text.slice(end))) continue;
    named.set(value, { words: text.slice(start, end), rest: '' });
  }
  return named.size > 0 ? settle(named, known, 'several options are named') : { unread: 'no option is named' };
}

/** Options that were found, each with the words that name it and what follows on their line. */
type Named = Map<number, { readonly words: string; readonly rest: string }>;

/** The one option that was found, unless the text beside its number is that of another. */
function settle(named: Named, known: Choices, conflict: string): ChoiceReading {
  const [first, ...others] = named;
  if (first === undefined || others.length > 0) return { unread: `${conflict}: ${[...named.keys()].join(', ')}` };
  const [option, { words, rest }] = first;
  const other = otherOption(known, option, rest);
  if (other !== undefined) return { unread: `number and text name different options: ${option} and ${other}` };
  return { option, from: `"${words}"` };
}

/** The option whose text (perhaps cut off by the token budget) stands beside the number of another. */
function otherOption({ numbers, texts }: Choices, option: number, rest: string): number | undefined {
  const beside = comparable(rest.replace(/^[\s.):\]–—-]+/, ''));
  if (texts === undefined || beside === '') return undefined;
  const matches = (text: string | undefined): boolean => {
    const whole = comparable(text ?? '');
    return whole === beside || (beside.length >= 4 && whole.startsWith(beside));
  };
  if (matches(texts[numbers.indexOf(option)])) return undefined;
  return numbers[texts.findIndex(matches)];
}

/** Options that follow a cue. A cue before two labels ("1 or 2") counts for both. */
function afterCues(text: string, pattern: RegExp, number: (label: string) => number | undefined): Named {
  const named: Named = new Map();
  for (const match of text.matchAll(pattern)) {
    const option = number(match.groups?.['label'] ?? '');
    if (option === undefined) continue;
    const after = text.slice(match.index + match[0].length);
    named.set(option, { words: match[0].trim(), rest: after.split('\n', 1)[0] as string });
    const next = alternative.exec(after)?.[1];
    const second = next === undefined ? undefined : number(next);
    if (second !== undefined) named.set(second, { words: `${match[0].trim()} ... ${next}`, rest: '' });
  }
  return named;
}

/** Without case, quotes and a full stop at the end. */
function comparable(text: string): string {
  return text
    .toLowerCase()
    .split(/[\s"'“”‘’()[\]]+/)
    .filter((part) => part !== '')
    .join(' ')
    .replace(/[.!]$/, '');
}

/** Start and end of a reply are where answers are given; what lies between in a very long one is not searched. */
function shortened(text: string): string {
  const spaced = text
    .split('\n')
    .map((line) =>
      line
        .split(/[ \t\f\v]+/)
        .join(' ')
        .trim(),
    )
    .filter((line) => line !== '')
    .join('\n');
  return spaced.length <= 8000 ? spaced : `${spaced.slice(0, 4000)}\n${spaced.slice(-4000)}`;
}

/** The option as people read it: "2", or "2 (C)" where letters were asked for. */
export function optionName(option: number, choices: Choices | undefined): string {
  const at = choices?.numbers.indexOf(option) ?? -1;
  return choices?.letters === true && at >= 0 ? `${option} (${letterOf(at)})` : String(option);
}
