import { imageGallery, type Message, type Sample, type Task, textGallery } from '../../core/index.ts';
import type { ImageItem } from '../../data/index.ts';
import { createRetrieval, createZeroShot } from '../../methods/index.ts';
import { nearAndFar } from '../../metrics/index.ts';
import { exact } from '../../scorers/index.ts';
import { forgetLabel } from './forget-label.ts';
import type { ImageTextOptions } from './options.ts';
import { recallScorer } from './recall-scorer.ts';
import { rightItems } from './retrieval-figures.ts';

/** Queries report so many of the nearest items: the greatest K of the recalls. */
const top = 10;

type Labels = (item: ImageItem) => Record<string, string>;

/** Labels for breakdowns: class, superclass, and with a forget rule the set and whether a retained class is near or far. */
export function labelsOf(
  items: readonly ImageItem[],
  classes: readonly string[],
  superclasses: ReadonlyMap<string, string>,
  forget: string | undefined,
): Labels {
  const isForgotten = forget === undefined ? undefined : forgetLabel(forget);
  const forgotten = new Set(items.flatMap((item) => (isForgotten?.(item) === true ? (item.class ?? []) : [])));
  const { near, far } = nearAndFar(classes, forgotten, superclasses);
  return (item) => {
    const name = item.class;
    const set = isForgotten === undefined ? undefined : isForgotten(item) ? 'forget' : 'retain';
    const relation =
      name === undefined || set === 'forget' ? undefined : near.has(name) ? 'near' : far.has(name) ? 'far' : undefined;
    return {
      ...(name === undefined ? {} : { class: name }),
      ...(item.superclass === undefined ? {} : { superclass: item.superclass }),
      ...(set === undefined ? {} : { set }),
      ...(relation === undefined ? {} : { relation }),
    };
  };
}

function imageMessage({ image }: ImageItem): Message[] {
  return [{ role: 'user', content: [{ type: 'image', image }] }];
}

/** Classification of the items by the texts of all classes. */
export function zeroShotTask(
  items: readonly ImageItem[],
  classes: readonly string[],
  labels: Labels,
  { templates, synonyms, article }: ImageTextOptions,
): Task {
  const known = items.filter((item) => item.class !== undefined);
  return {
    name: 'zero-shot',
    size: known.length,
    method: createZeroShot({ templates, synonyms, article }),
    scorers: [exact()],
    labels: { task: 'zero-shot', metric: 'accuracy' },
    *samples() {
      for (const item of known) {
        yield {
          id: item.id,
          input: imageMessage(item),
          target: item.class ?? '',
          choices: classes,
          labels: labels(item),
        } satisfies Sample;
      }
    },
  };
}

/** Search for the captions of an image and for the image of a caption, each among those of all items. */
export function retrievalTasks(items: readonly ImageItem[], labels: Labels): Task[] {
  const known = items.filter(({ captions = [] }) => captions.length > 0);
  const captions = known.map((item) => item.captions ?? []);
  const texts = [...new Set(captions.flat())];
  const { rightTexts, rightImages } = rightItems(captions, texts);
  const placeOf = new Map(texts.map((text, place) => [text, place]));
  const scorers = [recallScorer(1), recallScorer(5), recallScorer(10)] as const;
  return [
    {
      name: 'image-to-text',
      size: known.length,
      method: createRetrieval({ gallery: textGallery(texts.map((text) => [text])), ids: texts, top }),
      scorers,
      labels: { task: 'image-to-text', metric: 'recall@1' },
      *samples() {
        for (const [place, item] of known.entries()) {
          yield {
            id: item.id,
            input: imageMessage(item),
            target: (rightTexts[place] ?? []).map((text) => texts[text] ?? ''),
            labels: labels(item),
          } satisfies Sample;
        }
      },
    },
    {
      name: 'text-to-image',
      size: captions.flat().length,
      method: createRetrieval({
        gallery: imageGallery(known.map(({ image }) => image)),
        ids: known.map(({ id }) => id),
        top,
      }),
      scorers,
      labels: { task: 'text-to-image', metric: 'recall@1' },
      *samples() {
        for (const item of known) {
          for (const [k, caption] of (item.captions ?? []).entries()) {
            yield {
              id: `${item.id}#${k}`,
              input: [{ role: 'user', content: caption }],
              target: (rightImages[placeOf.get(caption) ?? -1] ?? []).map((image) => known[image]?.id ?? ''),
              group: item.id,
              labels: labels(item),
            } satisfies Sample;
          }
        }
      },
    },
  ];
}
