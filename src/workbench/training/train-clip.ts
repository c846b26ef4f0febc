import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { trainingReport } from '../../report/index.ts';
import { architectures, clipConfigSchema, plainSets } from '../../training/index.ts';
import { createEnginePool } from './engine-pool.ts';
import { dataConfigSchema } from './experiment-config.ts';
import { readJson, writeJson, writeWhole } from './experiment-folder.ts';
import { exportModel } from './export-model.ts';
import { testAccuracy } from './judge-model.ts';
import { prepareData } from './prepare-data.ts';
import { trainCompact } from './train-compact.ts';
import type { TrainedModel } from './train-model.ts';
import type { TrainingHooks } from './training-hooks.ts';

/** What `fettle train clip` is asked for. */
export const clipTrainingSchema = z.strictObject({
  ...dataConfigSchema.shape,
  seeds: z.array(z.int().min(0)).min(1).default([0]),
  clip: clipConfigSchema.prefault({}),
});

export interface ClipTrainingOptions extends TrainingHooks {
  readonly out: string;
  readonly parallel?: number;
  readonly onnx?: boolean;
  readonly command: string;
}

export interface TrainedClip {
  readonly seed: number;
  /** Checkpoint folder. */
  readonly folder: string;
  readonly parameters: number;
  readonly steps: number;
  readonly seconds: number;
  /** Zero-shot accuracy on the test part, from 0 to 1; null where items have captions alone. */
  readonly accuracy: number | null;
  readonly sha256: string;
}

/** Trains a compact CLIP for each seed, measures it on the test part and writes `report.html` into `out`. */
export async function trainClip(
  input: z.input<typeof clipTrainingSchema>,
  options: ClipTrainingOptions,
): Promise<{ readonly models: readonly TrainedClip[]; readonly report: string }> {
  const config = clipTrainingSchema.parse(input);
  const { architecture } = config.clip;
  const size = (typeof architecture === 'string' ? architectures[architecture] : architecture).imageSize;
  await mkdir(options.out, { recursive: true });
  options.onNews?.({ kind: 'stage', text: 'Reading the data' });
  const data = await prepareData(config, [], size, options);
  const sets = plainSets(data.split);
  const setsFile = join(options.out, 'sets.json');
  if (JSON.stringify(await readJson(setsFile)) !== JSON.stringify(sets)) await writeJson(setsFile, sets);
  const pool = createEnginePool(options.parallel ?? 1, {
    signal: options.signal,
    deterministic: config.clip.deterministic,
  });
  const runs: { readonly trained: TrainedModel; readonly model: TrainedClip }[] = [];
  try {
    options.onNews?.({ kind: 'stage', text: 'Training' });
    await pool.each(config.seeds, async (seed, engine) => {
      const name = `seed ${seed}`;
      const trained = await trainCompact(
        engine,
        {
          config: config.clip,
          data: { pairs: data.pairs.folder, sets: setsFile, classTexts: data.pairs.classTexts },
          seed,
          out: join(options.out, `seed-${seed}`),
          trainItems: sets['train']?.length ?? 0,
          validation: (sets['validation']?.length ?? 0) > 0,
          name,
        },
        options,
      );
      const accuracy = await testAccuracy(engine, trained.model, data, config.template);
      if (options.onnx === true) await exportModel(engine, trained.model, options);
      const model = {
        seed,
        folder: trained.model,
        parameters: trained.parameters,
        steps: trained.steps,
        seconds: trained.seconds,
        accuracy,
        sha256: trained.weights,
      };
      runs.push({ trained, model });
      const text = accuracy === null ? 'trained' : `test accuracy ${(100 * accuracy).toFixed(1)} %`;
      options.onNews?.({ kind: 'done', name, text });
    });
  } finally {
    await pool.close();
  }
  runs.sort((a, b) => a.model.seed - b.model.seed);
  const report = join(options.out, 'report.html');
  await writeWhole(
    report,
    trainingReport({
      title: `A compact CLIP on ${data.name}`,
      command: options.command,
      createdAt: Date.now(),
      dataset: { name: data.name, hash: data.hash, notes: data.notes },
      runs: runs.map(({ trained, model }) => ({ ...trained, ...model, name: `seed ${model.seed}` })),
    }),
  );
  const models = runs.map(({ model }) => model);
  await writeJson(join(options.out, 'models.json'), models);
  return { models, report };
}
