import { type ContentPart, FettleError, type ImageReference, type Message } from '../../core/index.ts';
import type { Chart } from './data/question.ts';
import type { ChartOptions } from './options.ts';
import type { ShownQuestion } from './shown-charts.ts';

const forms: Readonly<Record<ChartOptions['form'], string>> = {
  cot: [
    'Reply in two lines.',
    'The first line begins with "Solution:" and says briefly how you find the answer.',
    'The second line begins with "Answer:" and holds the final answer alone, in the format that the question asks for.',
  ].join(' '),
  direct:
    'Reply with one line that begins with "Answer:" and holds the final answer alone, in the format that the question asks for.',
};

function opening({ view, form }: ChartOptions, count: number): string {
  const charts =
    count === 1 ? 'One chart follows' : `${count} charts follow, in the order in which the question counts them`;
  switch (view) {
    case 'images':
      return `${charts}; then comes a question about ${count === 1 ? 'it' : 'them'}. ${forms[form]}`;
    case 'captioned':
      return `${charts}, as the text that was read in ${count === 1 ? 'it' : 'them'}: one line a row of the picture, "|" for wide gaps. There may be reading errors. Then comes a question about ${count === 1 ? 'it' : 'them'}. ${forms[form]}`;
    case 'none':
      return `The question below is about charts that are not shown. Give the answer that the words alone make likeliest. ${forms[form]}`;
  }
}

/** What a model is asked, with the charts as pictures or not at all. */
export function promptOf({ words, charts }: ShownQuestion, options: ChartOptions): readonly Message[] {
  const head = opening(options, charts.length);
  if (options.view === 'none') return [{ role: 'user', content: `${head}\n\n${words}` }];
  const content: ContentPart[] = [{ type: 'text', text: `${head}\n\n` }];
  for (const [i, chart] of charts.entries()) {
    content.push({ type: 'text', text: `Chart ${i + 1}:` }, { type: 'image', image: imageOf(chart) });
  }
  content.push({ type: 'text', text: `\n\n${words}` });
  return [{ role: 'user', content }];
}

/** What a model is asked, with captions in the place of the charts. */
export function captionedPromptOf(
  { words, charts }: ShownQuestion,
  captions: readonly string[],
  options: ChartOptions,
): readonly Message[] {
  const shown = captions.map((caption, i) => `Chart ${i + 1}:\n${caption === '' ? '(no text was found)' : caption}`);
  const head = opening(options, charts.length);
  return [{ role: 'user', content: [head, ...shown, words].join('\n\n') }];
}

/** The chart, or one whose loading says that it is not there: only a model that needs it notices. */
export function imageOf({ path, image }: Chart): ImageReference {
  if (image !== undefined) return image;
  return unreadableImage(
    path,
    new FettleError(`The data holds no chart ${path}.`, {
      code: 'image-missing',
      where: path,
      hint: '`fettle data check multichartqa` lists all missing charts; --option groups=with-charts leaves out groups without charts.',
    }),
  );
}

/** An image that always fails to load in this way. */
export function unreadableImage(label: string, error: unknown): ImageReference {
  return { label, load: () => Promise.reject(error) };
}
