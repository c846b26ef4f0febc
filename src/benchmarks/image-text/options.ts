import { defaultTemplate, usageError } from '../../core/index.ts';

export interface ImageTextOptions {
  readonly split: 'train' | 'validation' | 'test' | 'all';
  readonly templates: string;
  readonly synonyms: string;
  readonly article: 'adapt' | 'keep';
  readonly forget: string | undefined;
  readonly captions: string | undefined;
  readonly splits: string | undefined;
  readonly labels: string | undefined;
}

const splits = ['test', 'validation', 'train', 'all'] as const;
const articles = ['adapt', 'keep'] as const;
const names = ['split', 'templates', 'synonyms', 'article', 'forget', 'captions', 'splits', 'labels'];

/** The options of the image-text benchmarks, `--option name=value`. */
export function readImageTextOptions(given: Readonly<Record<string, string>>): ImageTextOptions {
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw usageError(`There is no option "${unknown}".`, { where: '--option', hint: `Options: ${names.join(', ')}.` });
  }
  return {
    split: oneOf('split', given['split'] ?? 'test', splits),
    templates: given['templates'] ?? defaultTemplate,
    synonyms: given['synonyms'] ?? '',
    article: oneOf('article', given['article'] ?? 'adapt', articles),
    forget: given['forget'],
    captions: given['captions'],
    splits: given['splits'],
    labels: given['labels'],
  };
}

function oneOf<T extends string>(name: string, value: string, values: readonly T[]): T {
  const found = values.find((known) => known === value);
  if (found !== undefined) return found;
  throw usageError(`The option ${name} cannot be "${value}".`, {
    where: `--option ${name}`,
    hint: `Values: ${values.join(', ')}.`,
  });
}
