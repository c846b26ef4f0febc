import { groupRows, rowProduct, similarityBlock, unitRows, usageError } from '../../core/index.ts';
import {
  agreement,
  firstGreatest,
  type ImageTextMeasures,
  kolmogorovSmirnov,
  mean,
  membershipAuc,
  nearAndFar,
  type Proportion,
} from '../../metrics/index.ts';
import type {
  ClassTexts,
  DualEncoder,
  DualEncoderEvaluation,
  DualEncoderOutcome,
  EvaluationItem,
  SetName,
} from './dual-encoder.ts';
import { retrievalFigures } from './retrieval-figures.ts';

/**
 * What the tasks of this folder say of a dual encoder, at once and without a run: each image and text is embedded once.
 * Zero-shot: argmax of cosines with the normalised mean of each class's unit text vectors, ties to the earlier class.
 * Retrieval: pooled gallery of both sets, rank = 1 + strictly better items. Matched cosine: image with its class vector,
 * or the mean over its captions.
 *
 * Throws a FettleError for items without class and captions, and for empty sets.
 */
export async function evaluateDualEncoder(evaluation: DualEncoderEvaluation): Promise<DualEncoderOutcome> {
  const { items, sets, encoder, classes, prompts = {}, retrained } = evaluation;
  if (sets.forget.length === 0 || sets.retain.length === 0) {
    throw usageError('An evaluation of unlearning needs held-out items to forget and to retain.', {
      hint: 'Check the forget rule and the split: the test part of both sets must not be empty.',
    });
  }
  const rows = [...sets.forget, ...sets.retain, ...(sets.members ?? [])];
  const raw = await encoder.embedImages(rows);
  const width = raw.length / rows.length;
  const images = unitRows(raw, width);
  const own = rows.map((row) => itemAt(items, row));
  const places: Record<SetName | 'members', readonly number[]> = {
    forget: sets.forget.map((_, i) => i),
    retain: sets.retain.map((_, i) => i + sets.forget.length),
    members: (sets.members ?? []).map((_, i) => i + sets.forget.length + sets.retain.length),
  };

  const classRows = classes === undefined ? undefined : await embedClasses(encoder, classes, width);
  const held = sets.forget.length + sets.retain.length;
  const captioned = own.every(({ captions = [] }) => captions.length > 0);
  const captions = captioned ? await embedCaptions(encoder, own, width) : undefined;
  const cosine = matchedCosines(own, { images, width, classes, classRows, captions });
  const cosines = { forget: pick(cosine, places.forget), retain: pick(cosine, places.retain) };

  let zeroShot: ImageTextMeasures['zeroShot'];
  let predictions: DualEncoderOutcome['predictions'];
  if (classes !== undefined && classRows !== undefined) {
    const names = [...classes.keys()];
    const predicted = predict(images.subarray(0, held * width), classRows, width);
    const rightOf = (place: number): boolean => names[predicted[place] as number] === own[place]?.class;
    const count = (chosen: readonly number[], right = rightOf): Proportion => ({
      correct: chosen.filter(right).length,
      n: chosen.length,
    });
    const forgotten = evaluation.forgotten ?? new Set(places.forget.flatMap((place) => own[place]?.class ?? []));
    const { near, far } = nearAndFar(names, forgotten, evaluation.superclasses ?? new Map());
    const within = (group: ReadonlySet<string>): readonly number[] =>
      places.retain.filter((place) => group.has(own[place]?.class ?? ''));
    const heldPlaces = [...places.forget, ...places.retain];
    const perClass: Record<string, Proportion> = Object.create(null);
    for (const [name, members] of Map.groupBy(heldPlaces, (place) => own[place]?.class ?? '')) {
      perClass[name] = count(members);
    }
    const variants: Record<string, Record<SetName, Proportion>> = Object.create(null);
    for (const [name, texts] of Object.entries(prompts)) {
      const other = predict(images.subarray(0, held * width), await embedClasses(encoder, texts, width), width);
      const otherNames = [...texts.keys()];
      const right = (place: number): boolean => otherNames[other[place] as number] === own[place]?.class;
      variants[name] = { forget: count(places.forget, right), retain: count(places.retain, right) };
    }
    zeroShot = {
      forget: count(places.forget),
      retain: count(places.retain),
      ...(near.size === 0 ? {} : { near: count(within(near)) }),
      ...(far.size === 0 ? {} : { far: count(within(far)) }),
      perClass,
      prompts: variants,
    };
    predictions = { forget: predicted.slice(0, sets.forget.length), retain: predicted.slice(sets.forget.length) };
  }

  const auc = membershipAuc(pick(cosine, places.members), cosines.forget)?.auc;
  const measures: ImageTextMeasures = {
    ...(zeroShot === undefined ? {} : { zeroShot }),
    ...(captions === undefined
      ? {}
      : {
          retrieval: retrievalFigures({
            images: images.subarray(0, held * width),
            captions: own.slice(0, held).map((item) => item.captions ?? []),
            texts: captions,
            width,
            forget: sets.forget.length,
          }),
        }),
    matchedCosine: { forget: mean(cosines.forget), retain: mean(cosines.retain) },
    ...(auc === undefined ? {} : { membershipAuc: auc }),
    ...(retrained === undefined ? {} : { toRetrained: distanceToRetrained({ cosines, predictions }, retrained) }),
  };
  return { measures, predictions, cosines };
}

/** How far a model's held-out cosines and predictions are from those of a model trained without the forget set. */
export function distanceToRetrained(
  { cosines, predictions }: Pick<DualEncoderOutcome, 'cosines' | 'predictions'>,
  retrained: Pick<DualEncoderOutcome, 'cosines' | 'predictions'>,
): NonNullable<ImageTextMeasures['toRetrained']> {
  const agree = (set: SetName): number | undefined =>
    predictions === undefined || retrained.predictions === undefined
      ? undefined
      : (agreement(predictions[set], retrained.predictions[set]) ?? undefined);
  const forget = agree('forget');
  const retain = agree('retain');
  return {
    ksForget: kolmogorovSmirnov(cosines.forget, retrained.cosines.forget)?.distance ?? 0,
    ksRetain: kolmogorovSmirnov(cosines.retain, retrained.cosines.retain)?.distance ?? 0,
    ...(forget === undefined ? {} : { agreementForget: forget }),
    ...(retain === undefined ? {} : { agreementRetain: retain }),
  };
}

/** One unit row a class. */
async function embedClasses(encoder: DualEncoder, classes: ClassTexts, width: number): Promise<Float32Array> {
  const texts = [...classes.values()];
  const rows = await encoder.embedTexts(texts.flat());
  return groupRows(
    rows,
    texts.map((list) => list.length),
    width,
  );
}

/** Unit rows of the distinct captions. */
async function embedCaptions(encoder: DualEncoder, items: readonly EvaluationItem[], width: number) {
  const texts = [...new Set(items.flatMap(({ captions = [] }) => captions))];
  const rows = unitRows(await encoder.embedTexts(texts), width);
  return { rows, places: new Map(texts.map((text, place) => [text, place])) };
}

function predict(images: Float32Array, classRows: Float32Array, width: number): Int32Array {
  const size = classRows.length / width;
  const out = new Float64Array(size);
  return Int32Array.from({ length: images.length / width }, (_, row) => {
    similarityBlock(images, classRows, { width, from: row, to: row + 1, out });
    return firstGreatest(out);
  });
}

interface Matching {
  readonly images: Float32Array;
  readonly width: number;
  readonly classes: ClassTexts | undefined;
  readonly classRows: Float32Array | undefined;
  readonly captions: { readonly rows: Float32Array; readonly places: ReadonlyMap<string, number> } | undefined;
}

function matchedCosines(items: readonly EvaluationItem[], matching: Matching): Float64Array {
  const { images, width, classes, classRows, captions } = matching;
  const classPlaces = new Map([...(classes?.keys() ?? [])].map((name, place) => [name, place]));
  return Float64Array.from(items, ({ class: name, captions: own = [] }, row) => {
    const place = classPlaces.get(name ?? '');
    if (classRows !== undefined && place !== undefined) return rowProduct(images, row, classRows, place, width);
    if (captions === undefined) {
      throw usageError(`The item in row ${row} has neither a known class nor captions.`, {
        hint: 'Give texts for every class of the items, or captions for every item.',
      });
    }
    return mean(own.map((text) => rowProduct(images, row, captions.rows, captions.places.get(text) ?? 0, width)));
  });
}

function itemAt(items: readonly EvaluationItem[], row: number): EvaluationItem {
  const item = items[row];
  if (item === undefined)
    throw usageError(`There is no item in row ${row}.`, { hint: `Rows go from 0 to ${items.length - 1}.` });
  return item;
}

function pick(values: Float64Array, places: readonly number[]): Float64Array {
  return Float64Array.from(places, (place) => values[place] as number);
}
