import { usageError } from '../core/index.ts';

/** @throws usage error for the first of `given` that is not among `names`; `whose` begins its sentence */
export function refuseUnknownOptions(
  given: Readonly<Record<string, string>>,
  names: readonly string[],
  whose?: string,
): void {
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  if (unknown === undefined) return;
  throw usageError(`${whose === undefined ? 'There is' : `${whose} has`} no option "${unknown}".`, {
    where: `--option ${unknown}`,
    hint: names.length === 0 ? 'This benchmark has no options.' : `Options: ${names.join(', ')}.`,
  });
}

/** What an error says of a value that an option cannot have. */
export type Refusal = (name: string, value: string) => string;

const cannotBe: Refusal = (name, value) => `The option ${name} cannot be "${value}".`;
export const isNoValue: Refusal = (name, value) => `"${value}" is no value of the option ${name}.`;

/** @throws usage error for what is not among `values` */
export function oneOf<Value extends string>(
  name: string,
  value: string,
  values: readonly Value[],
  refusal: Refusal = cannotBe,
): Value {
  const found = values.find((known) => known === value);
  if (found !== undefined) return found;
  throw usageError(refusal(name, value), {
    where: `--option ${name}`,
    hint: `Values: ${values.join(', ')}.`,
  });
}

/**
 * The words of `prompt`, comma-separated.
 * @throws usage error for unknown words, and for two of one choice
 */
export function promptWords<Word extends string>(
  value: string,
  choices: readonly (readonly Word[])[],
  refusal?: Refusal,
): Set<Word> {
  const words = value.split(',').flatMap((part) => part.trim() || []);
  const chosen = new Set(words.map((word) => oneOf('prompt', word, choices.flat(), refusal)));
  for (const choice of choices) {
    const both = choice.filter((word) => chosen.has(word));
    if (both.length > 1) throw usageError(`A prompt is either ${both.join(' or ')}.`, { where: '--option prompt' });
  }
  return chosen;
}
