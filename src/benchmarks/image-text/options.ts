import { defaultTemplate } from '../../core/index.ts';
import { oneOf, refuseUnknownOptions } from '../option-values.ts';

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
  refuseUnknownOptions(given, names);
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
