import type { ContentPart, ImageReference, Message } from '../../core/index.ts';
import type { Question } from './data/question.ts';
import type { PromptOptions, Setting } from './options.ts';
import type { EvaluationSet } from './sets.ts';

/** Letters of our prompts. */
export function letterOf(place: number): string {
  return String.fromCharCode(65 + place);
}

const cot = {
  choice: 'Reason step by step. Then give the letter of the right option in a last line that begins with "Answer:".',
  caption:
    'Think about what the picture shows. Then give the requested text in a last line that begins with "Answer:".',
  open: 'Reason step by step. Then give the answer in as few words as it takes, in a last line that begins with "Answer:".',
} as const;

const direct = {
  choice: 'Reply with the letter of the right option and nothing else.',
  caption: 'Reply with the requested text and nothing else.',
  open: 'Reply with the answer alone, in as few words as it takes.',
} as const;

const abstain = 'If the images do not tell the answer, the answer is "unanswerable".';

/** The sentence on the form of the answer; none where the setting asks for none. */
export function instructionOf({ type }: Question, set: EvaluationSet, setting: Setting): string {
  if (setting === 'none') return '';
  const form = type === 'multiple-choice' ? 'choice' : type === 'captioning' ? 'caption' : 'open';
  const sentence = (setting === 'cot' ? cot : direct)[form];
  return set.unanswerable && form === 'open' ? `${sentence} ${abstain}` : sentence;
}

/**
 * One message: the images first, numbered where there are several or the question points to one, then the question, its
 * options where it does not list them itself, and the instruction. Markers `<image>` at the beginning of a question only
 * say that images come; others are replaced by the image's number.
 */
export function promptOf(
  question: Question,
  images: readonly ImageReference[],
  set: EvaluationSet,
  { setting }: Pick<PromptOptions, 'setting'>,
): Message[] {
  const { words, refers } = wordsOf(question, set, setting);
  if (images.length === 0) return [{ role: 'user', content: words }];
  const numbered = images.length > 1 || refers;
  const content = images.flatMap((image, i): ContentPart[] => [
    ...(numbered ? [{ type: 'text', text: `Image ${i + 1}:` } as const] : []),
    { type: 'image', image },
  ]);
  return [{ role: 'user', content: [...content, { type: 'text', text: words }] }];
}

/** As `promptOf`, with the text that was read in each image in its place. */
export function captionedPromptOf(
  question: Question,
  captions: readonly string[],
  set: EvaluationSet,
  { setting }: Pick<PromptOptions, 'setting'>,
): Message[] {
  const { words } = wordsOf(question, set, setting);
  const shown = captions.map((text, i) => `Image ${i + 1}:\n${text === '' ? '(no text was found)' : text}`);
  const intro =
    'Text that was read in images follows, one line a row, "|" for wide gaps; there may be errors of reading.';
  return [{ role: 'user', content: [...(shown.length > 0 ? [intro] : []), ...shown, words].join('\n\n') }];
}

/** Question, options and instruction; whether the question points to single images. */
function wordsOf(question: Question, set: EvaluationSet, setting: Setting): { words: string; refers: boolean } {
  const { text, refers } = withoutMarkers(question.text, question.images.length);
  const body = [`${text}${listedOptions(question, text)}`, instructionOf(question, set, setting)];
  return { words: body.filter((part) => part !== '').join('\n'), refers };
}

/** The question in words alone, and whether it points to single images. */
function withoutMarkers(question: string, count: number): { readonly text: string; readonly refers: boolean } {
  const leading = /^(?:\s*<image>)+\s*/.exec(question)?.[0] ?? '';
  let seen = leading.split('<image>').length - 1;
  let refers = false;
  const text = question.slice(leading.length).replaceAll('<image>', () => {
    seen++;
    if (seen > count) return '';
    refers = true;
    return `image ${seen}`;
  });
  return { text: text.trim(), refers };
}

function listedOptions({ type, options }: Question, text: string): string {
  if (type !== 'multiple-choice' || options === null) return '';
  // Letters that stand in the picture itself have no further text.
  if (options.every((option, i) => option === letterOf(i))) return '';
  const listed = ([before, after]: readonly [string, string]) =>
    options.every((option, i) => text.includes(`${before}${letterOf(i)}${after} ${option}`));
  if (listed(['', '.']) || listed(['(', ')'])) return '';
  return options.map((option, i) => `\n${letterOf(i)}. ${option}`).join('');
}
