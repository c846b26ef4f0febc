import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  distanceToRetrained,
  type DualEncoder,
  type DualEncoderOutcome,
  evaluateDualEncoder,
} from '../../benchmarks/index.ts';
import { type EngineClient, readVectors } from '../../engine/index.ts';
import { openClip } from '../../models/index.ts';
import type { ModelMeasures } from '../../report/index.ts';
import { readPairs } from '../../training/index.ts';
import { classTexts } from '../../core/index.ts';
import type { ExperimentConfig } from './experiment-config.ts';
import type { Concept, PreparedData } from './prepare-data.ts';

/** Measures of one model, with what comparing it with another one needs. Plain data. */
export interface Judgement {
  readonly measures: ModelMeasures;
  readonly cosines: Readonly<Record<'forget' | 'retain', readonly number[]>>;
  readonly predictions: Readonly<Record<'forget' | 'retain', readonly number[]>> | null;
}

/** Embeds by the engine. Pictures come from the pairs folder, so that they are those that were trained on. */
function engineEncoder(engine: EngineClient, model: string, pairs: string, signal?: AbortSignal): DualEncoder {
  const embed = async (
    name: 'texts' | 'images',
    what: { readonly texts?: string[]; readonly images?: { pairs: string; rows: number[] } },
  ): Promise<Float32Array> => {
    const folder = await mkdtemp(join(tmpdir(), 'fettle-vectors-'));
    try {
      const result = await engine.request({ op: 'embed', model, ...what, out: join(folder, 'vectors') }, { signal });
      return (await readVectors(String(result['vectors'])))[name] ?? new Float32Array();
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };
  return {
    embedTexts: (texts) => embed('texts', { texts: [...texts] }),
    embedImages: (rows) => embed('images', { images: { pairs, rows: [...rows] } }),
  };
}

export interface JudgeOptions {
  readonly engine: EngineClient;
  /** Checkpoint folder. */
  readonly model: string;
  readonly data: PreparedData;
  readonly concept: Concept;
  readonly config: ExperimentConfig;
  readonly signal?: AbortSignal | undefined;
}

/** Says by the tasks of image-text models what a model knows of the concept and of the rest. */
export async function judgeModel(options: JudgeOptions): Promise<Judgement> {
  const { engine, model, data, concept, config, signal } = options;
  await engine.request({ op: 'load', model, device: config.cliperase.device, dtype: 'fp32' }, { signal });
  try {
    const outcome = await evaluateDualEncoder({
      ...evaluationOf(data, concept, config),
      encoder: engineEncoder(engine, model, data.pairs.folder, signal),
    });
    return plain(outcome);
  } finally {
    await engine.request({ op: 'unload', model });
  }
}

/** The same figures of a model that was exported, by ONNX Runtime in this process. */
export async function judgeExported(
  folder: string,
  data: PreparedData,
  concept: Concept,
  config: ExperimentConfig,
): Promise<ModelMeasures> {
  const clip = await openClip(folder);
  const pairs = await readPairs(data.pairs.folder);
  try {
    const outcome = await evaluateDualEncoder({
      ...evaluationOf(data, concept, { ...config, probes: [], synonyms: {} }),
      encoder: {
        embedTexts: (texts) => clip.embedTexts(texts),
        embedImages: async (rows) => clip.embedImages({ pixels: await pairs.pixels(rows) }),
      },
    });
    return outcome.measures;
  } finally {
    await pairs.close();
    await clip.release();
  }
}

/** What is asked of every model of a concept. */
function evaluationOf(data: PreparedData, concept: Concept, config: ExperimentConfig) {
  const { classes, superclasses } = data;
  return {
    items: itemsOf(data),
    sets: {
      forget: concept.sets['forget-test'] ?? [],
      retain: concept.sets['retain-test'] ?? [],
      members: concept.sets['forget-members'],
    },
    ...(classes === null
      ? {}
      : {
          classes: classTexts(classes, { templates: [config.template], article: 'keep' }),
          prompts: promptsOf(classes, config),
        }),
    ...(superclasses === null ? {} : { superclasses }),
  };
}

/** Items as the tasks see them: with classes, or with captions where there are none. */
function itemsOf({ items, classes }: PreparedData) {
  return items.map(({ class: name, captions }) => (classes === null ? { captions } : { class: name }));
}

function promptsOf(classes: readonly string[], config: ExperimentConfig) {
  const prompts: Record<string, ReturnType<typeof classTexts>> = {};
  for (const template of config.probes) {
    prompts[`template: ${template}`] = classTexts(classes, { templates: [template], article: 'keep' });
  }
  // One class at a time goes by another name; the others keep theirs.
  for (const [name, words] of Object.entries(config.synonyms)) {
    for (const word of words) {
      const texts = classTexts(classes, { templates: [config.template], article: 'keep' });
      if (!texts.has(name)) continue;
      texts.set(name, [config.template.replaceAll('{}', word)]);
      prompts[`${name} as “${word}”`] = texts;
    }
  }
  return prompts;
}

function plain({ measures, cosines, predictions }: DualEncoderOutcome): Judgement {
  return {
    measures,
    cosines: { forget: [...cosines.forget], retain: [...cosines.retain] },
    predictions:
      predictions === undefined ? null : { forget: [...predictions.forget], retain: [...predictions.retain] },
  };
}

/** Distance of a judged model to the one trained without the forget set. */
export function retrainedDistance(judgement: Judgement, gold: Judgement): NonNullable<ModelMeasures['toRetrained']> {
  return distanceToRetrained(typed(judgement), typed(gold));
}

function typed({ cosines, predictions }: Judgement): Pick<DualEncoderOutcome, 'cosines' | 'predictions'> {
  return {
    cosines: { forget: Float64Array.from(cosines.forget), retain: Float64Array.from(cosines.retain) },
    predictions:
      predictions === null
        ? undefined
        : { forget: Int32Array.from(predictions.forget), retain: Int32Array.from(predictions.retain) },
  };
}

/** Zero-shot accuracy on the test part; null where items have no classes. */
export async function testAccuracy(
  engine: EngineClient,
  model: string,
  data: PreparedData,
  template: string,
): Promise<number | null> {
  const { classes, split } = data;
  if (classes === null || split.test.length < 2) return null;
  await engine.request({ op: 'load', model, dtype: 'fp32' });
  try {
    // Both halves together are the test part; which is which does not matter to their sum.
    const half = Math.ceil(split.test.length / 2);
    const { measures } = await evaluateDualEncoder({
      items: itemsOf(data),
      sets: { forget: split.test.slice(0, half), retain: split.test.slice(half) },
      encoder: engineEncoder(engine, model, data.pairs.folder),
      classes: classTexts(classes, { templates: [template], article: 'keep' }),
    });
    const { forget, retain } = measures.zeroShot ?? { forget: { correct: 0 }, retain: { correct: 0 } };
    return (forget.correct + retain.correct) / split.test.length;
  } finally {
    await engine.request({ op: 'unload', model });
  }
}
