import { usageError } from '../../core/index.ts';
import { oneOf, promptWords, refuseUnknownOptions } from '../option-values.ts';
import type { Driver } from './reference/parse-choice.ts';
import { type EvaluationSet, evaluationSets, findSet } from './sets.ts';

export type Setting = 'direct' | 'cot' | 'none';

export interface PromptOptions {
  /** Answer at once, reason first, or no word on the form of the answer. */
  readonly setting: Setting;
  /** The images, the text that was read in them, or nothing: what a model guesses from the question alone. */
  readonly view: 'images' | 'captioned' | 'none';
}

export interface DocumentOptions {
  readonly prompt: PromptOptions;
  /** Which metric is the task's figure in `strict`. */
  readonly metric: 'official' | 'paper';
  /** Characters that the text read in the images of one question may have. */
  readonly captionCharacters: number;
  readonly driver: Driver;
  /** Processes that the released evaluation is divided into; each has its own random stream. */
  readonly shards: number;
  /** Folder of the images. */
  readonly images: string | undefined;
  /** The set that a file of any name is of. */
  readonly set: EvaluationSet | undefined;
  readonly faults: 'stop' | 'skip';
}

const names = ['prompt', 'captions', 'metric', 'driver', 'shards', 'images', 'set', 'faults'];
const settings = ['direct', 'cot', 'none'] as const;
const views = ['text-only', 'captioned'] as const;
/** With a question and its answer they fit into a context of 8,192 tokens. */
const defaultCaptionCharacters = 20_000;
/** What the released drivers divide their rows into unless told otherwise. */
const usualShards: Readonly<Record<Driver, number>> = { llava: 1, idefics2: 8 };

/**
 * Reads `--option name=value`: `prompt` (`direct`, `cot` or `none`, and beside it `text-only` or
 * `captioned`), `captions` (characters), `metric` (`official`,
 * `paper`), `driver` (`llava`, `idefics2`), `shards`, `images`, `set`, `faults` (`stop`, `skip`).
 * @throws usage error for unknown names and values.
 */
export function readOptions(given: Readonly<Record<string, string>>): DocumentOptions {
  refuseUnknownOptions(given, names);
  const driver = oneOf('driver', given['driver'] ?? 'llava', ['llava', 'idefics2']);
  const wanted = given['set'];
  const set = wanted === undefined ? undefined : findSet(wanted);
  if (wanted !== undefined && set === undefined) {
    throw usageError(`There is no set "${wanted}".`, {
      where: '--option set',
      hint: `Sets: ${evaluationSets.map(({ name }) => name).join(', ')}.`,
    });
  }
  return {
    prompt: readPrompt(given['prompt'] ?? 'direct'),
    captionCharacters: wholeFromOne('captions', given['captions'], defaultCaptionCharacters),
    metric: oneOf('metric', given['metric'] ?? 'official', ['official', 'paper']),
    driver,
    shards: wholeFromOne('shards', given['shards'], usualShards[driver]),
    images: given['images'],
    set,
    faults: oneOf('faults', given['faults'] ?? 'stop', ['stop', 'skip']),
  };
}

function readPrompt(value: string): PromptOptions {
  const chosen = promptWords<(typeof settings)[number] | (typeof views)[number]>(value, [settings, views]);
  return {
    setting: settings.find((word) => chosen.has(word)) ?? 'direct',
    view: chosen.has('captioned') ? 'captioned' : chosen.has('text-only') ? 'none' : 'images',
  };
}

function wholeFromOne(name: string, value: string | undefined, usual: number): number {
  if (value === undefined) return usual;
  const count = Number(value);
  if (/^\d+$/.test(value) && count >= 1 && count <= 1_000_000) return count;
  throw usageError(`The option ${name} cannot be "${value}".`, {
    where: `--option ${name}`,
    hint: 'Give a whole number from 1 on.',
  });
}
