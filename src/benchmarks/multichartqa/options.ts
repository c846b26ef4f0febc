import { usageError } from '../../core/index.ts';

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
  for (const name of Object.keys(given)) {
    if (!names.some((known) => known === name)) {
      throw usageError(`MultiChartQA has no option "${name}".`, {
        where: `--option ${name}`,
        hint: `Its options are ${names.join(', ')}.`,
      });
    }
  }
  const shuffle = oneOf('shuffle', given['shuffle'] ?? 'none', ['none', 'charts']);
  return {
    ...readPrompt(given['prompt'] ?? ''),
    order: oneOf('order', given['order'] ?? 'json', ['json', 'reference']),
    onlyReferenced: oneOf('chart', given['chart'] ?? 'all', ['all', 'only-referenced']) === 'only-referenced',
    shuffle: shuffle === 'charts' ? (given['seed'] ?? '0') : undefined,
    maxMegapixels: readDownsize(given['downsize'] ?? 'on'),
    captionCharacters: positive('captions', given['captions'] ?? String(defaultCaptionCharacters)),
    groups: oneOf('groups', given['groups'] ?? 'auto', ['auto', 'all', 'with-charts']),
    labels: given['labels'],
  };
}

function readPrompt(value: string): Pick<ChartOptions, 'view' | 'form'> {
  const words = value
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '')
    .map((word) => oneOf('prompt', word, ['cot', 'direct', 'text-only', 'captioned']));
  for (const pair of [
    ['cot', 'direct'],
    ['text-only', 'captioned'],
  ] as const) {
    if (pair.every((word) => words.includes(word))) {
      throw usageError(`A prompt is either ${pair[0]} or ${pair[1]}.`, { where: '--option prompt' });
    }
  }
  return {
    view: words.includes('captioned') ? 'captioned' : words.includes('text-only') ? 'none' : 'images',
    form: words.includes('direct') ? 'direct' : 'cot',
  };
}

function readDownsize(value: string): number | undefined {
  if (value === 'off') return undefined;
  return value === 'on' ? defaultMaxMegapixels : positive('downsize', value);
}

function positive(name: string, value: string): number {
  const number = Number(value);
  if (value.trim() !== '' && Number.isFinite(number) && number > 0) return number;
  throw usageError(`"${value}" is no value of the option ${name}.`, {
    where: `--option ${name}`,
    hint: 'Give a number above 0.',
  });
}

function oneOf<Value extends string>(name: string, value: string, values: readonly Value[]): Value {
  const found = values.find((allowed) => allowed === value);
  if (found !== undefined) return found;
  throw usageError(`"${value}" is no value of the option ${name}.`, {
    where: `--option ${name}`,
    hint: `Values: ${values.join(', ')}.`,
  });
}
