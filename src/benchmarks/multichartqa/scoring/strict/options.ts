/** The options of a choice question, by letter. */
export interface Options {
  readonly labels: readonly string[];
  readonly texts: readonly string[];
}

const optionLine = /^[ \t]*\(?([A-H])[.):][ \t]*(\S.*)$/;
const numberedLine = /^[ \t]*([1-4])[.)][ \t]+\S/;

/** Splits a question with numbered sub-questions; one part where there are none. */
function subQuestions(question: string): string[] {
  const lines = question.split('\n');
  const parts: string[][] = [];
  for (const line of lines) {
    if (Number(numberedLine.exec(line)?.[1]) === parts.length + 1) parts.push([]);
    parts.at(-1)?.push(line);
  }
  return parts.length === 0 ? [question] : parts.map((part) => part.join('\n'));
}

function optionsIn(text: string): Options | undefined {
  const labels: string[] = [];
  const texts: string[] = [];
  for (const line of text.split('\n')) {
    const [, label = '', words = ''] = optionLine.exec(line) ?? [];
    if (label === '' || label !== 'ABCDEFGH'[labels.length]) continue;
    labels.push(label);
    texts.push(words.trim());
  }
  return labels.length < 2 ? undefined : { labels, texts };
}

/**
 * The options that the part of a question at `place` (from 0) lists, undefined where it lists none.
 * @param parts how many gold parts the question has
 */
export function optionsOf(question: string, place: number, parts: number): Options | undefined {
  return optionsIn(subQuestion(question, place, parts));
}

/** The sub-question of a gold part; the whole question where it has one part, empty where it numbers fewer. */
export function subQuestion(question: string, place: number, parts: number): string {
  return parts === 1 ? question : (subQuestions(question)[place] ?? '');
}
