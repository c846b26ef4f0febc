import { usageError } from '../../core/index.ts';
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

const promptWords = ['chat', 'plain', 'numbers', 'letters', 'general', 'task', 'guided', 'bare'] as const;
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
  for (const name of Object.keys(given)) {
    if (!['prompt', 'budgets', 'layout', 'faults'].includes(name)) {
      throw usageError(`Shopping MMLU has no option "${name}".`, {
        where: `--option ${name}`,
        hint: 'Its options are prompt, budgets, layout and faults.',
      });
    }
  }
  const { layout } = given;
  return {
    prompt: readPrompt(given['prompt'] ?? ''),
    budgets: oneOf('budgets', given['budgets'] ?? 'default', ['default', 'reference']),
    faults: oneOf('faults', given['faults'] ?? 'stop', ['stop', 'skip']),
    ...(layout !== undefined && { layout: oneOf('layout', layout, layouts) }),
  };
}

function readPrompt(value: string): PromptOptions {
  const words = new Set(
    value
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '')
      .map((part) => oneOf('prompt', part, promptWords)),
  );
  const both = pairs.find(([first, second]) => words.has(first) && words.has(second));
  if (both !== undefined) {
    throw usageError(`A prompt is either ${both[0]} or ${both[1]}.`, { where: '--option prompt' });
  }
  return {
    plain: words.has('plain'),
    letters: words.has('letters'),
    namesTask: words.has('task'),
    bare: words.has('bare'),
  };
}

function oneOf<Value extends string>(name: string, value: string, values: readonly Value[]): Value {
  const found = values.find((allowed) => allowed === value);
  if (found !== undefined) return found;
  throw usageError(`"${value}" is no value of the option ${name}.`, {
    where: `--option ${name}`,
    hint: `Values: ${values.join(', ')}.`,
  });
}
