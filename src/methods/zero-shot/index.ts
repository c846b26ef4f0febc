import { z } from 'zod';
import {
  classTexts,
  type ClassTextsOptions,
  defaultTemplate,
  defineMethod,
  FettleError,
  type Gallery,
  type JsonObject,
  type Method,
  textGallery,
} from '../../core/index.ts';
import { queryImage } from './query.ts';

const options = z.object({
  templates: z
    .string()
    .default(defaultTemplate)
    .describe('texts with {} for the class, divided by |; a class is the mean of its unit vectors'),
  synonyms: z.string().default('').describe('further words for classes: apple=granny smith|red fruit;pear=…'),
  article: z.enum(['adapt', 'keep']).default('adapt').describe('"an apple" for "a {}", or the template as it stands'),
});

/**
 * The class whose text is nearest to the image: argmax over cosines of the image's vector and the normalised mean of the
 * class's unit text vectors (A. Radford et al., 2021, section 3.1.4). Ties go to the earlier class.
 * Samples hold one image, and class names as choices.
 */
export const zeroShot = defineMethod({
  name: 'zero-shot',
  description: 'Choose the class whose text lies nearest to the image, for image-text encoders.',
  options,
  create: (given) => createZeroShot(given),
});

export function createZeroShot({ templates, synonyms, article }: z.output<typeof options>): Method {
  const texts: ClassTextsOptions = {
    templates: templates.split('|').map((template) => template.trim()),
    synonyms: parseSynonyms(synonyms),
    article,
  };
  // Classes are the same list for all samples of a task: their texts are put together once.
  const galleries = new WeakMap<readonly string[], Gallery>();
  const chosen: JsonObject = { templates, article, ...(synonyms === '' ? {} : { synonyms }) };
  return {
    name: 'zero-shot',
    options: chosen,
    async solve(sample, { models, trace }) {
      const { choices } = sample;
      const image = queryImage(sample);
      if (choices === undefined || choices.length === 0 || image === undefined) {
        throw new FettleError('The sample has no image with classes to choose from.', {
          code: 'no-choices',
          where: `sample ${sample.id}`,
          hint: 'Give the data one image in its input and the class names as choices.',
        });
      }
      if (models.main.compare === undefined) throw cannotEmbed(models.main.id);
      let gallery = galleries.get(choices);
      if (gallery === undefined) {
        const ofClasses = classTexts(choices, texts);
        gallery = textGallery(choices.map((name) => ofClasses.get(name) ?? [name]));
        galleries.set(choices, gallery);
      }
      const { best, scale } = await models.main.compare({ query: { image }, gallery, top: 5 });
      const [first, second] = best;
      const top = best.slice(0, 5).map(({ place, similarity }) => ({ class: choices[place] ?? '', similarity }));
      const margin = first === undefined || second === undefined ? null : first.similarity - second.similarity;
      trace({ type: 'zero-shot', top, margin });
      return {
        text: choices[first?.place ?? 0] ?? '',
        metadata: { top, margin, ...(scale === undefined ? {} : { scale }) },
      };
    },
  };
}

export function cannotEmbed(model: string): FettleError {
  return new FettleError(`The model ${model} cannot embed images and texts.`, {
    code: 'no-embedding',
    hint: 'Use an image-text encoder, such as clip:FOLDER or test:clip.',
  });
}

/** `apple=granny smith|red fruit;pear=conference pear` */
export function parseSynonyms(text: string): Record<string, string[]> {
  const found: Record<string, string[]> = Object.create(null);
  for (const part of text.split(';')) {
    const [name = '', words] = part.split('=', 2);
    if (name.trim() === '' || words === undefined) continue;
    found[name.trim()] = words.split('|').flatMap((word) => word.trim() || []);
  }
  return found;
}
