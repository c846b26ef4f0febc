import { join } from 'node:path';
import type { EngineClient } from '../../engine/index.ts';
import { type ClipConfig, clipJob, type JobData } from '../../training/index.ts';
import { writeJson } from './experiment-folder.ts';
import { trainModel, type TrainedModel } from './train-model.ts';
import type { TrainingHooks } from './training-hooks.ts';

export interface CompactTraining {
  readonly config: ClipConfig;
  readonly data: JobData;
  readonly seed: number;
  readonly out: string;
  readonly trainItems: number;
  readonly validation: boolean;
  readonly name: string;
}

/** Name of the file beside a checkpoint that says how to train a model like it. */
export const recipeFile = 'recipe.json';

/** Trains a compact CLIP from scratch and writes its recipe beside the weights, so that it can be trained anew without some data. */
export async function trainCompact(
  engine: EngineClient,
  training: CompactTraining,
  hooks: TrainingHooks,
): Promise<TrainedModel> {
  const { config, data, name } = training;
  const trained = await trainModel(engine, clipJob(config, data, training), name, hooks);
  await writeJson(join(trained.model, recipeFile), { recipe: { name: 'clip', config }, seed: training.seed });
  return trained;
}
