import { usageError } from '../../core/index.ts';
import { oneOf, refuseUnknownOptions } from '../option-values.ts';
import { splitNames, type SplitName } from './data/find-files.ts';
import { problemForms, type ProblemForm } from './data/forms.ts';
import { type ProblemSet, problemSets, setNamed } from './sets.ts';

export const promptNames = ['form', 'cot', 'direct', 'plain'] as const;
export type PromptName = (typeof promptNames)[number];

export interface MathOptions {
  /** `form`: question and form of the answer; `cot`: reasoning asked for too; `direct`: the answer alone; `plain`: the question. */
  readonly prompt: PromptName;
  /** Worked examples before the question. */
  readonly shots: number;
  /** Where they come from: the training split beside the data where there is one, ours, or a file of the user. */
  readonly examples: 'auto' | 'own' | 'train' | { readonly file: string };
  readonly split: SplitName;
  /** One form of several that lie there. */
  readonly form: ProblemForm | undefined;
  /** The set that a file is of whose name does not tell. */
  readonly set: ProblemSet | undefined;
  /** ASDiv: the problems of one of its lists alone. */
  readonly list: 'asdiv-a' | 'asdiv-w' | undefined;
  readonly faults: 'stop' | 'skip';
}

const names = ['prompt', 'shots', 'examples', 'split', 'form', 'set', 'list', 'faults'];

/**
 * Reads `--option name=value`: `prompt` (`form`, `cot`, `direct`, `plain`), `shots` (0 to 32), `examples` (`auto`, `own`,
 * `train` or a file), `split` (`test`, `train`, `dev`), `form`, `set`, `list` (`asdiv-a`, `asdiv-w`), `faults`.
 * @throws usage error for unknown names and values
 */
export function readOptions(given: Readonly<Record<string, string>>): MathOptions {
  refuseUnknownOptions(given, names);
  const { form, set: setName, list, examples = 'auto' } = given;
  const set = setName === undefined ? undefined : setNamed(setName);
  if (setName !== undefined && set === undefined) {
    throw usageError(`There is no set "${setName}".`, {
      where: '--option set',
      hint: `Sets: ${problemSets.map(({ name }) => name).join(', ')}.`,
    });
  }
  return {
    prompt: oneOf('prompt', given['prompt'] ?? 'form', promptNames),
    shots: shots(given['shots'] ?? '0'),
    examples: examples === 'auto' || examples === 'own' || examples === 'train' ? examples : { file: examples },
    split: oneOf('split', given['split'] ?? 'test', splitNames),
    form: form === undefined ? undefined : oneOf('form', form, problemForms),
    set,
    list: list === undefined ? undefined : oneOf('list', list, ['asdiv-a', 'asdiv-w'] as const),
    faults: oneOf('faults', given['faults'] ?? 'stop', ['stop', 'skip']),
  };
}

function shots(value: string): number {
  if (/^\d{1,2}$/.test(value) && Number(value) <= 32) return Number(value);
  throw usageError(`The option shots cannot be "${value}".`, {
    where: '--option shots',
    hint: 'Give a whole number from 0 to 32.',
  });
}
