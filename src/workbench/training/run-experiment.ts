import { join } from 'node:path';
import { usageError } from '../../core/index.ts';
import type { UnlearningExperiment } from '../../report/index.ts';
import { armDefinitions, type ArmDefinition, sweepArms } from '../../training/index.ts';
import { ArmRunner, type KeptModel } from './arm-runner.ts';
import { assembleExperiment } from './assemble-experiment.ts';
import { createEnginePool } from './engine-pool.ts';
import { type ExperimentConfigInput, experimentConfigSchema } from './experiment-config.ts';
import { experimentFolder, writeJson } from './experiment-folder.ts';
import { originalFolders } from './original-folders.ts';
import { originalRecipe } from './original-recipe.ts';
import { type Concept, prepareData } from './prepare-data.ts';
import type { TrainingHooks } from './training-hooks.ts';

export interface ExperimentOptions extends TrainingHooks {
  /** Folder of the experiment; what is in it already is taken up. */
  readonly out: string;
  /** Engine processes side by side. */
  readonly parallel?: number;
  /** Weights that stay on disk: those of the method's arm and of the originals, or all. */
  readonly keepModels?: 'method' | 'all' | undefined;
  /** Write ONNX files of the method's models, for use without Python, and judge them too. */
  readonly onnx?: boolean | undefined;
  readonly command: string;
}

export interface ExperimentEnd {
  readonly experiment: UnlearningExperiment;
  /** Checkpoint folders of the arm `f+r+c`, by concept and seed. */
  readonly models: readonly KeptModel[];
}

/**
 * Unlearns each concept with each arm and seed, judges every model by the same tasks before and after, and gives the
 * experiment that reports are made from. Every part that is finished is kept in `out`, so that a call that was ended
 * goes on where it stopped; parts whose settings have changed are made anew.
 */
export async function runExperiment(input: ExperimentConfigInput, options: ExperimentOptions): Promise<ExperimentEnd> {
  const config = experimentConfigSchema.parse(input);
  const folder = experimentFolder(options.out);
  const { onNews } = options;
  const given = await originalFolders(config, options);
  const recipe = await originalRecipe(config, given?.get(config.seeds[0] as number));
  onNews?.({ kind: 'stage', text: 'Reading the data' });
  const data = await prepareData(config, config.forget, recipe.imageSize, options, {
    ruleStrata: config.model === null,
  });
  const twins = data.concepts.map(({ name }) => name).filter((name, index, all) => all.indexOf(name) !== index);
  if (twins.length > 0) throw usageError(`The concept "${twins[0]}" is named twice.`, { where: '--forget' });
  for (const concept of data.concepts) onNews?.({ kind: 'note', text: conceptLine(concept) });
  const canRetrain = recipe.retrain !== null;
  const sweep = sweepArms(config.sweep, config.cliperase);
  const wanted = new Set([...config.arms, 'original', ...(sweep.length === 0 ? [] : ['f+r+c'])]);
  const asked = [...armDefinitions.filter(({ name }) => wanted.has(name)), ...sweep];
  const arms = asked.filter(({ name }) => name !== 'retrained' || canRetrain);
  if (arms.length < asked.length) {
    onNews?.({
      kind: 'note',
      text: 'The model was not trained by Fettle, so it cannot be trained anew without the forget set: the gold standard is left out.',
    });
  }
  const pool = createEnginePool(options.parallel ?? 1, {
    signal: options.signal,
    deterministic: config.cliperase.deterministic,
  });
  try {
    const runner = new ArmRunner({ config, given, folder, data, recipe, options });
    onNews?.({ kind: 'stage', text: 'Original models' });
    await pool.each(config.seeds, (seed, engine) => runner.original(seed, engine));
    const units = config.seeds.flatMap((seed) =>
      data.concepts.flatMap((concept) => arms.map((arm) => ({ concept, arm, seed }))),
    );
    const stage = async (text: string, roles: readonly ArmDefinition['role'][]): Promise<void> => {
      onNews?.({ kind: 'stage', text });
      const now = units.filter(({ arm }) => roles.includes(arm.role));
      await pool.each(now, (unit, engine) => runner.arm(unit, units.length, engine));
    };
    // How long relearning takes is measured by what the original knew, so that is judged first.
    await stage('Figures before unlearning', ['original']);
    await stage('Unlearning, ablation and baselines', ['method', 'ablation', 'baseline']);
    if (sweep.length > 0) await stage('Sweep of the loss weights', ['sweep']);
    await stage('Gold standard: training without the forget set', ['gold-standard']);
    const models = runner.methodModels;
    if (options.onnx === true) {
      onNews?.({ kind: 'stage', text: 'Exporting to ONNX' });
      await pool.each(models, (model, engine) => runner.export(model, engine));
    }
    const { outcomes, facts, notes } = runner;
    const { command } = options;
    const experiment = assembleExperiment({
      config,
      data,
      modelName: recipe.name,
      arms,
      outcomes,
      facts,
      notes,
      command,
    });
    await writeJson(join(folder.root, 'experiment.json'), experiment);
    return { experiment, models };
  } finally {
    await pool.close();
  }
}

function conceptLine({ name, rule, sets }: Concept): string {
  const n = (set: string): number => sets[set]?.length ?? 0;
  return `${name} (${rule}): ${n('forget-train')} pictures to forget, ${n('forget-validation')} for validation, ${n('forget-test')} for the test; ${n('retain-train')} to retain.`;
}
