import { usageError } from '../../core/index.ts';
import { isNoValue, oneOf, promptWords, refuseUnknownOptions } from '../option-values.ts';

/** How the model is shown the charts. */
export type ChartView = 'images' | 'captioned' | 'none';

export interface ChartOptions {
  readonly view: ChartView;
  /** Reasoning before the answer, or the answer alone. */
  readonly form: 'cot' | 'direct';
  readonly order: 'json' | 'reference';
  /** Of Direct questions, only the chart that they name. */
  readonly onlyReferenced: boolean;
  /** Seed of the shuffled order of charts; undefined for the data's order. */
  readonly shuffle: string | undefined;
  /** Charts of more pixels, in millions, are sent smaller; undefined sends all as they are. */
  readonly maxMegapixels: number | undefined;
  /** Characters that the captions of one question may have together. */
  readonly captionCharacters: number;
  /** `auto` leaves out groups without any chart in a run, where other groups have charts. */
  readonly groups: 'auto' | 'all' | 'with-charts';
  /** File of comparison rules for single gold parts. */
  readonly labels: string | undefined;
}

const names = ['prompt', 'order', 'chart', 'shuffle', 'seed', 'downsize', 'captions', 'groups', 'labels'] as const;

/** Above it providers refuse a picture or make it smaller themselves. */
export const defaultMaxMegapixels = 20;
/** With the longest question and the reply they fit into a context of 4,096 tokens. */
export const defaultCaptionCharacters = 6000;

/**
 * Reads `--option name=value`:
 * `prompt` is one or more of the words `cot` (default) or `direct`, and `text-only` or `captioned`, comma-separated;
 * `order=json|reference`; `chart=all|only-referenced`; `shuffle=none|charts` with `seed`; `downsize=on|off|N` (million
 * pixels); `captions=N` (characters); `groups=auto|all|with-charts`; `labels=FILE`.
 * @throws usage error for unknown names and values.
 */
export function readOptions(given: Readonly<Record<string, string>>): ChartOptions {
  refuseUnknownOptions(given, names, 'MultiChartQA');
  const shuffle = oneOf('shuffle', given['shuffle'] ?? 'none', ['none', 'charts'], isNoValue);
  return {
    ...readPrompt(given['prompt'] ?? ''),
    order: oneOf('order', given['order'] ?? 'json', ['json', 'reference'], isNoValue),
    onlyReferenced:
      oneOf('chart', given['chart'] ?? 'all', ['all', 'only-referenced'], isNoValue) === 'only-referenced',
    shuffle: shuffle === 'charts' ? (given['seed'] ?? '0') : undefined,
    maxMegapixels: readDownsize(given['downsize'] ?? 'on'),
    captionCharacters: positive('captions', given['captions'] ?? String(defaultCaptionCharacters)),
    groups: oneOf('groups', given['groups'] ?? 'auto', ['auto', 'all', 'with-charts'], isNoValue),
    labels: given['labels'],
  };
}

function readPrompt(value: string): Pick<ChartOptions, 'view' | 'form'> {
  const choices = [
    ['cot', 'direct'],
    ['text-only', 'captioned'],
  ] as const;
  const words = promptWords(value, choices, isNoValue);
  return {
    view: words.has('captioned') ? 'captioned' : words.has('text-only') ? 'none' : 'images',
    form: words.has('direct') ? 'direct' : 'cot',
  };
}

function readDownsize(value: string): number | undefined {
  if (value === 'off') return undefined;
  return value === 'on' ? defaultMaxMegapixels : positive('downsize', value);
}

function positive(name: string, value: string): number {
  const number = Number(value);
  if (value.trim() !== '' && Number.isFinite(number) && number > 0) return number;
  throw usageError(isNoValue(name, value), {
    where: `--option ${name}`,
    hint: 'Give a number above 0.',
  });
}
