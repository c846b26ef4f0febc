import { FettleError, type Gallery, type Method } from '../../core/index.ts';
import { cannotEmbed } from '../zero-shot/index.ts';
import { queryImage, queryText } from '../zero-shot/query.ts';

export interface RetrievalOptions {
  /** Given once for all samples: nothing of it is stored with a sample. */
  readonly gallery: Gallery;
  /** What the places of the gallery are called in answers. */
  readonly ids: readonly string[];
  /** How many of the nearest to report; ties with the last are reported too. */
  readonly top: number;
}

/**
 * The items of a gallery that lie nearest to the sample's image, or to its text where it has no image.
 * `metadata.retrieved` lists `{ id, place, similarity }`, nearest first; `text` is the first one's id.
 * Tasks make it themselves, as the gallery is theirs.
 */
export function createRetrieval({ gallery, ids, top }: RetrievalOptions): Method {
  return {
    name: 'retrieval',
    options: { top, gallery: gallery.groups.length },
    async solve(sample, { models, trace }) {
      if (models.main.compare === undefined) throw cannotEmbed(models.main.id);
      const image = queryImage(sample);
      const text = queryText(sample);
      if (image === undefined && text === '') {
        throw new FettleError('The sample has neither one image nor a text to search with.', {
          code: 'no-query',
          where: `sample ${sample.id}`,
          hint: 'Give the data one image or one text in its input.',
        });
      }
      const query = image === undefined ? { text } : { image };
      const { best } = await models.main.compare({ query, gallery, top });
      const retrieved = best.map(({ place, similarity }) => ({ id: ids[place] ?? String(place), place, similarity }));
      trace({ type: 'retrieved', retrieved: retrieved.slice(0, 5) });
      return { text: retrieved[0]?.id ?? '', metadata: { retrieved } };
    },
  };
}
