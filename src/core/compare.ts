import { FettleError } from './errors.ts';
import type { ImageReference } from './message.ts';
import type { CallOptions, CompareRequest, CompareResponse, Model, Usage } from './model.ts';
import { greatest, groupRows, similarityBlock, unitRows } from './similarity.ts';

/** Entries of a gallery that are embedded in one request. */
const entriesAtOnce = 256;
/** Galleries whose vectors are kept for each model. Runs have a few; data with other choices in every row must not fill the memory. */
const galleriesKept = 16;

interface GalleryRows {
  readonly rows: Float32Array;
  readonly width: number;
}

/** Vectors by model object and gallery hash. They only save time: what is answered and journaled is the same without. */
const kept = new WeakMap<Model, Map<string, Promise<GalleryRows>>>();

/**
 * Answers a comparison through the model's `embed`. The gallery is embedded once a model and process, however many
 * queries there are; its tokens count for the query that came first.
 */
export async function compareByEmbedding(
  model: Model,
  { query, gallery, top, encoder }: CompareRequest,
  options: CallOptions | undefined,
): Promise<CompareResponse> {
  const { embed } = model;
  if (embed === undefined) throw noEmbedding(model);
  const of = encoder === undefined ? {} : { encoder };
  let used: Usage = { inputTokens: 0, outputTokens: 0 };
  const count = (usage: Usage): void => {
    used = {
      inputTokens: (used.inputTokens ?? 0) + (usage.inputTokens ?? 0),
      outputTokens: (used.outputTokens ?? 0) + (usage.outputTokens ?? 0),
    };
  };
  const readGallery = async (): Promise<GalleryRows> => {
    const entries = gallery.groups.flat();
    const vectors: (readonly number[])[] = [];
    for (let start = 0; start < entries.length; start += entriesAtOnce) {
      const part = entries.slice(start, start + entriesAtOnce);
      const request = splitEntries(part);
      const response = await embed.call(model, { ...request, ...of }, options);
      count(response.usage);
      const answered = gallery.kind === 'texts' ? response.vectors : (response.imageVectors ?? []);
      if (answered.length !== part.length) throw wrongVectors(model, part.length, answered.length);
      vectors.push(...answered);
    }
    const { rows, width } = asRows(vectors, model);
    return {
      rows: groupRows(
        rows,
        gallery.groups.map((group) => group.length),
        width,
      ),
      width,
    };
  };
  const { sha256 } = await gallery.describe();
  const [{ rows, width }, answer] = await Promise.all([
    remembered(model, `${encoder ?? ''}\n${sha256}`, readGallery),
    embed.call(
      model,
      'text' in query ? { texts: [query.text], ...of } : { texts: [], images: [query.image], ...of },
      options,
    ),
  ]);
  count(answer.usage);
  const asked = 'text' in query ? answer.vectors : (answer.imageVectors ?? []);
  if (asked.length !== 1) throw wrongVectors(model, 1, asked.length);
  const own = asRows(asked, model);
  if (own.width !== width) throw wrongVectors(model, width, own.width);
  const similarities = new Float64Array(rows.length / width);
  similarityBlock(unitRows(own.rows, width), rows, { width, from: 0, to: 1, out: similarities });
  return {
    best: greatest(similarities, top).map((place) => ({ place, similarity: similarities[place] as number })),
    ...(answer.scale === undefined ? {} : { scale: answer.scale }),
    usage: used,
  };
}

function splitEntries(entries: readonly (string | ImageReference)[]): { texts: string[]; images?: ImageReference[] } {
  const texts = entries.filter((entry) => typeof entry === 'string');
  const images = entries.filter((entry) => typeof entry !== 'string');
  return images.length === 0 ? { texts } : { texts, images };
}

function remembered(model: Model, key: string, make: () => Promise<GalleryRows>): Promise<GalleryRows> {
  let galleries = kept.get(model);
  if (galleries === undefined) kept.set(model, (galleries = new Map<string, Promise<GalleryRows>>()));
  const known = galleries.get(key);
  if (known !== undefined) {
    // Least recently used first.
    galleries.delete(key);
    galleries.set(key, known);
    return known;
  }
  const making = make();
  galleries.set(key, making);
  const own = galleries;
  making.catch(() => {
    if (own.get(key) === making) own.delete(key);
  });
  for (const oldest of galleries.keys()) {
    if (galleries.size <= galleriesKept) break;
    galleries.delete(oldest);
  }
  return making;
}

function asRows(vectors: readonly (readonly number[])[], model: Model): GalleryRows {
  const width = vectors[0]?.length ?? 0;
  const rows = new Float32Array(vectors.length * width);
  for (const [row, vector] of vectors.entries()) {
    if (vector.length !== width || width === 0) throw wrongVectors(model, width, vector.length);
    rows.set(vector, row * width);
  }
  for (const value of rows) {
    if (!Number.isFinite(value)) {
      throw new FettleError(`The model ${model.id} gave a vector that holds ${value}.`, {
        code: 'vector-not-finite',
        hint: 'The weights may be damaged, or training diverged.',
      });
    }
  }
  return { rows, width };
}

function noEmbedding(model: Model): FettleError {
  return new FettleError(`The model ${model.id} cannot embed.`, {
    code: 'no-embedding',
    hint: 'Use an image-text encoder, such as clip:FOLDER or test:clip.',
  });
}

function wrongVectors(model: Model, expected: number, got: number): FettleError {
  return new FettleError(`The model ${model.id} gave ${got} where ${expected} was expected in its vectors.`, {
    code: 'vectors-wrong',
    hint: 'Use an encoder that places images and texts in one space, such as clip:FOLDER or test:clip.',
  });
}
