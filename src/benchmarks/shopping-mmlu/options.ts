import { isNoValue, oneOf, promptWords, refuseUnknownOptions } from '../option-values.ts';
import { type Layout, layouts } from './vocabulary.ts';

/** How questions are put to the model. */
export interface PromptOptions {
  /** Continue the text as it stands, without the model's chat template. */
  readonly plain: boolean;
  /** Options named (A), (B), ... where the question lists them. */
  readonly letters: boolean;
  /** The preamble names the task. */
  readonly namesTask: boolean;
  /** Without a sentence on the form of the answer. */
  readonly bare: boolean;
}

export interface ShoppingOptions {
  readonly prompt: PromptOptions;
  readonly budgets: 'default' | 'reference';
  readonly layout?: Layout;
  /** What becomes of rows that cannot be used. */
  readonly faults: 'stop' | 'skip';
}

const pairs = [
  ['chat', 'plain'],
  ['numbers', 'letters'],
  ['general', 'task'],
  ['guided', 'bare'],
] as const;

/**
 * Reads `--option name=value`:
 * `prompt` is a list of words (`plain,letters`), one of each pair chat/plain, numbers/letters, general/task, guided/bare,
 * the first of a pair being the default; `budgets` is `default` or `reference`; `layout` is `skill`, `kdd` or `task`; `faults` is `stop` or `skip`.
 * @throws usage error for unknown names and values.
 */
export function readOptions(given: Readonly<Record<string, string>>): ShoppingOptions {
  refuseUnknownOptions(given, ['prompt', 'budgets', 'layout', 'faults'], 'Shopping MMLU');
  const { layout } = given;
  return {
    prompt: readPrompt(given['prompt'] ?? ''),
    budgets: oneOf('budgets', given['budgets'] ?? 'default', ['default', 'reference'], isNoValue),
    faults: oneOf('faults', given['faults'] ?? 'stop', ['stop', 'skip'], isNoValue),
    ...(layout !== undefined && { layout: oneOf('layout', layout, layouts, isNoValue) }),
  };
}

function readPrompt(value: string): PromptOptions {
  const words = promptWords<(typeof pairs)[number][number]>(value, pairs, isNoValue);
  return {
    plain: words.has('plain'),
    letters: words.has('letters'),
    namesTask: words.has('task'),
    bare: words.has('bare'),
  };
}
