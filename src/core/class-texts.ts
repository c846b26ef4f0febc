import { usageError } from './errors.ts';

export interface ClassTextsOptions {
  /** `{}` stands for the name. Default: `a photo of a {}.` */
  readonly templates?: readonly string[] | undefined;
  /** Class → other words for it, each tried as its name. */
  readonly synonyms?: Readonly<Record<string, readonly string[]>> | undefined;
  /**
   * `adapt` (default): "a {}" becomes "an" before a name that starts with a vowel sound. `keep`: the template as it
   * stands, as CLIP's own prompts are written ("a photo of a apple.").
   */
  readonly article?: 'adapt' | 'keep' | undefined;
}

export const defaultTemplate = 'a photo of a {}.';

/** Spoken with a consonant although written with a vowel, and the other way round. */
const consonantSound = /^(?:uni(?!n|m)|use|usu|ur[aeio]n|eu|ewe|one\b|once\b|ufo)/iu;
const vowelSound = /^(?:[aeiou]|hour|honest|honou?r|heir)/iu;

/** One text: the class with blanks for underscores in the template's place. Throws a usage error where it has none. */
export function classText(template: string, name: string, article: 'adapt' | 'keep' = 'adapt'): string {
  if (!template.includes('{}')) {
    throw usageError(`The template ${JSON.stringify(template)} has no {}`, {
      where: 'template',
      hint: `Write the place of the class as {}: ${JSON.stringify(defaultTemplate)}.`,
    });
  }
  const words = name.replaceAll('_', ' ').trim();
  const an = vowelSound.test(words) && !consonantSound.test(words);
  const fitted = article === 'adapt' && an ? template.replaceAll(/\b(a) \{\}/giu, '$1n {}') : template;
  return fitted.split('{}').join(words);
}

/** Class → its distinct texts: every template with the name, then with each synonym. */
export function classTexts(
  classes: readonly string[],
  { templates = [defaultTemplate], synonyms = {}, article = 'adapt' }: ClassTextsOptions = {},
): Map<string, string[]> {
  if (templates.length === 0) throw usageError('There is no template', { where: 'templates' });
  return new Map(
    classes.map((name) => {
      const others = Object.hasOwn(synonyms, name) ? (synonyms[name] ?? []) : [];
      const texts = [name, ...others].flatMap((word) =>
        templates.map((template) => classText(template, word, article)),
      );
      return [name, [...new Set(texts)]];
    }),
  );
}
