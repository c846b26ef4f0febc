import { usageError } from '../core/index.ts';

/** @throws usage error for the first of `given` that is not among `names` */
export function refuseUnknownOptions(given: Readonly<Record<string, string>>, names: readonly string[]): void {
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  if (unknown === undefined) return;
  throw usageError(`There is no option "${unknown}".`, {
    where: `--option ${unknown}`,
    hint: names.length === 0 ? 'This benchmark has no options.' : `Options: ${names.join(', ')}.`,
  });
}

/** @throws usage error for what is not among `values` */
export function oneOf<Value extends string>(name: string, value: string, values: readonly Value[]): Value {
  const found = values.find((known) => known === value);
  if (found !== undefined) return found;
  throw usageError(`The option ${name} cannot be "${value}".`, {
    where: `--option ${name}`,
    hint: `Values: ${values.join(', ')}.`,
  });
}

/**
 * The words of `prompt`, comma-separated.
 * @throws usage error for unknown words, and for two of one choice
 */
export function promptWords<Word extends string>(value: string, choices: readonly (readonly Word[])[]): Set<Word> {
  const words = value.split(',').flatMap((part) => part.trim() || []);
  const chosen = new Set(words.map((word) => oneOf('prompt', word, choices.flat())));
  for (const choice of choices) {
    const both = choice.filter((word) => chosen.has(word));
    if (both.length > 1) throw usageError(`A prompt is either ${both.join(' or ')}.`, { where: '--option prompt' });
  }
  return chosen;
}
