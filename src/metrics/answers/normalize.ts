import { pythonSplit } from '../python/white-space.ts';

export interface NormalizeOptions {
  /** Default true. */
  readonly ignoreCase?: boolean;
  /** Runs of white space count as one space, none at the ends. Default true. */
  readonly collapseSpace?: boolean;
  /** Leave out everything that Unicode calls punctuation or a symbol. Default false. */
  readonly ignorePunctuation?: boolean;
  /** Leave out `a`, `an` and `the`. Default false. */
  readonly ignoreArticles?: boolean;
  /** Leave out accents: `é` is `e`. Default false. */
  readonly ignoreAccents?: boolean;
  /** Full-width letters, ligatures and other compatible forms are one (NFKC). Default true; false gives NFC. */
  readonly compatible?: boolean;
}

/** A text made comparable, by the options, in the order: form, case, accents, punctuation, articles, white space. */
export function normalizeText(text: string, options: NormalizeOptions = {}): string {
  const { ignoreCase = true, collapseSpace = true, compatible = true } = options;
  let result = text.normalize(compatible ? 'NFKC' : 'NFC');
  // Upper case first: `ß` and `SS`, final and other sigma become one.
  if (ignoreCase) result = result.toUpperCase().toLowerCase();
  if (options.ignoreAccents) result = result.normalize('NFD').replace(/\p{M}/gu, '').normalize('NFC');
  if (options.ignorePunctuation) result = result.replace(/[\p{P}\p{S}]/gu, '');
  if (options.ignoreArticles) result = result.replace(/(?<![\p{L}\p{N}_])(?:a|an|the)(?![\p{L}\p{N}_])/giu, ' ');
  return collapseSpace ? result.replace(/\s+/gu, ' ').trim() : result;
}

/** SQuAD's normalisation: lowercase, ASCII punctuation out, articles out, spaces one (Rajpurkar et al., EMNLP 2016). */
export function squadNormalize(text: string): string {
  const words = text
    .toLowerCase()
    .replace(/[!-/:-@[-`{-~]/g, '')
    .replace(/(?<![\p{L}\p{N}_])(?:a|an|the)(?![\p{L}\p{N}_])/gu, ' ');
  return pythonSplit(words).join(' ');
}
