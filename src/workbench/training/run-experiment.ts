import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { usageError } from '../../core/index.ts';
import type { EngineClient } from '../../engine/index.ts';
import type { ArmOutcome, UnlearningExperiment } from '../../report/index.ts';
import {
  armDefinitions,
  type ArmDefinition,
  cliperaseJob,
  type JobData,
  plainSets,
  relearnJob,
  type Sets,
} from '../../training/index.ts';
import { createEnginePool } from './engine-pool.ts';
import { type ExperimentConfig, type ExperimentConfigInput, experimentConfigSchema } from './experiment-config.ts';
import { type ExperimentFolder, experimentFolder, hashOf, readJson, writeJson } from './experiment-folder.ts';
import { exportModel } from './export-model.ts';
import { judgeExported, judgeModel, type Judgement, retrainedDistance } from './judge-model.ts';
import { type Concept, prepareData, type PreparedData } from './prepare-data.ts';
import { publishedAblation } from './published.ts';
import { originalRecipe, type OriginalRecipe } from './original-recipe.ts';
import { trainCompact } from './train-compact.ts';
import { trainModel, type TrainedModel } from './train-model.ts';
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
  readonly models: readonly { readonly concept: string; readonly seed: number; readonly folder: string }[];
}

/** One arm of one concept with one seed: a unit of work. */
interface Unit {
  readonly concept: Concept;
  readonly arm: ArmDefinition;
  readonly seed: number;
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
  const recipe = await originalRecipe(config);
  onNews?.({ kind: 'stage', text: 'Reading the data' });
  const data = await prepareData(config, config.forget, recipe.imageSize, options, {
    ruleStrata: config.model === null,
  });
  const twins = data.concepts.map(({ name }) => name).filter((name, index, all) => all.indexOf(name) !== index);
  if (twins.length > 0) throw usageError(`The concept "${twins[0]}" is named twice.`, { where: '--forget' });
  for (const { name, rule, sets } of data.concepts) {
    const n = (set: string): number => sets[set]?.length ?? 0;
    onNews?.({
      kind: 'note',
      text: `${name} (${rule}): ${n('forget-train')} pictures to forget, ${n('forget-validation')} for validation, ${n('forget-test')} for the test; ${n('retain-train')} to retain.`,
    });
  }
  const arms = armDefinitions.filter(({ name }) => config.arms.includes(name) || name === 'original');
  const canRetrain = recipe.retrain !== null;
  if (!canRetrain && arms.some(({ name }) => name === 'retrained')) {
    onNews?.({
      kind: 'note',
      text: 'The model was not trained by Fettle, so it cannot be trained anew without the forget set: the gold standard is left out.',
    });
  }
  const pool = createEnginePool(options.parallel ?? 1, { signal: options.signal });
  try {
    const state = new ExperimentState(config, folder, data, recipe, options);
    onNews?.({ kind: 'stage', text: 'Original models' });
    await pool.each(config.seeds, (seed, engine) => state.original(seed, engine));
    const wanted = arms.filter(({ name }) => name !== 'retrained' || canRetrain);
    const units = config.seeds.flatMap((seed) =>
      data.concepts.flatMap((concept) => wanted.map((arm) => ({ concept, arm, seed }))),
    );
    state.total = units.length;
    const stage = async (text: string, roles: readonly ArmDefinition['role'][]): Promise<void> => {
      onNews?.({ kind: 'stage', text });
      const now = units.filter(({ arm }) => roles.includes(arm.role));
      await pool.each(now, (unit, engine) => state.arm(unit, engine));
    };
    // How long relearning takes is measured by what the original knew, so that is judged first.
    await stage('Figures before unlearning', ['original']);
    await stage('Unlearning, ablation and baselines', ['method', 'ablation', 'baseline']);
    await stage('Gold standard: training without the forget set', ['gold-standard']);
    if (options.onnx === true) {
      onNews?.({ kind: 'stage', text: 'Exporting to ONNX' });
      await pool.each(state.methodModels(), (model, engine) => state.export(model, engine));
    }
    const experiment = state.experiment(wanted);
    await writeJson(join(folder.root, 'experiment.json'), experiment);
    return { experiment, models: state.methodModels() };
  } finally {
    await pool.close();
  }
}

class ExperimentState {
  total = 0;
  #done = 0;
  readonly #originals = new Map<number, { readonly folder: string; readonly trained: TrainedModel | null }>();
  readonly #outcomes = new Map<string, { readonly outcome: ArmOutcome; readonly judgement: Judgement }>();
  readonly #notes: string[] = [];
  readonly #models: { concept: string; seed: number; folder: string }[] = [];
  #facts: { parameters: number; device: string; versions: Readonly<Record<string, string>> } = {
    parameters: 0,
    device: '',
    versions: {},
  };

  readonly #config: ExperimentConfig;
  readonly #folder: ExperimentFolder;
  readonly #data: PreparedData;
  readonly #recipe: OriginalRecipe;
  readonly #options: ExperimentOptions;

  constructor(
    config: ExperimentConfig,
    folder: ExperimentFolder,
    data: PreparedData,
    recipe: OriginalRecipe,
    options: ExperimentOptions,
  ) {
    this.#config = config;
    this.#folder = folder;
    this.#data = data;
    this.#recipe = recipe;
    this.#options = options;
  }

  /** The model that is to forget: as given, or trained here. */
  async original(seed: number, engine: EngineClient): Promise<void> {
    this.#facts = { ...this.#facts, device: engine.ready.device, versions: engine.ready.versions };
    const given = this.#config.model?.replaceAll('{seed}', String(seed));
    if (given !== undefined) {
      this.#originals.set(seed, { folder: given, trained: null });
      return;
    }
    const out = this.#folder.original(seed);
    const name = `original, seed ${seed}`;
    const trained = await this.#trainFromScratch(plainSets(this.#data.split), 'original', seed, out, name, engine);
    this.#facts = { ...this.#facts, parameters: trained.parameters };
    this.#originals.set(seed, { folder: trained.model, trained });
  }

  async #trainFromScratch(
    sets: Sets,
    setsName: string,
    seed: number,
    out: string,
    name: string,
    engine: EngineClient,
  ): Promise<TrainedModel> {
    const { retrain } = this.#recipe;
    if (retrain === null) throw new Error('there is no recipe to train anew with');
    const data = await this.#jobData(join(out, `${setsName}.sets.json`), sets);
    const trainItems = sets['train']?.length ?? 0;
    const validation = (sets['validation']?.length ?? 0) > 0;
    return trainCompact(engine, { config: retrain, data, seed, out, trainItems, validation, name }, this.#options);
  }

  async #jobData(file: string, sets: Sets): Promise<JobData> {
    if (JSON.stringify(await readJson(file)) !== JSON.stringify(sets)) await writeJson(file, sets);
    return { pairs: this.#data.pairs.folder, sets: file, classTexts: this.#data.pairs.classTexts };
  }

  /** Makes or takes up one arm. */
  async arm(unit: Unit, engine: EngineClient): Promise<void> {
    const { concept, arm, seed } = unit;
    const { onNews } = this.#options;
    const name = `${concept.name} · ${arm.name} · seed ${seed}`;
    const original = this.#originals.get(seed);
    if (original === undefined) throw new Error(`there is no original of seed ${seed}`);
    onNews?.({ kind: 'job', name, index: this.#done, total: this.total });
    const out = this.#folder.arm(concept.name, arm.name, seed);
    const trained = await this.#train(unit, original.folder, out, engine);
    const model = trained?.model ?? original.folder;
    if (trained !== null) this.#facts = { ...this.#facts, parameters: trained.parameters, device: trained.device };
    const weights = trained?.weights ?? original.trained?.weights ?? '';
    const key = hashOf({
      trained: trained?.jobHash ?? original.folder,
      weights,
      rule: concept.rule,
      sets: concept.sets,
      probes: this.#config.probes,
      synonyms: this.#config.synonyms,
      relearn: this.#config.cliperase.relearnSteps,
      version: 1,
    });
    const record = join(out, 'outcome.json');
    const kept = (await readJson(record)) as { key: string; outcome: ArmOutcome; judgement: Judgement } | undefined;
    if (kept?.key === key) {
      this.#add(unit, kept.outcome, kept.judgement);
    } else {
      const judgement = await judgeModel({
        engine,
        model,
        data: this.#data,
        concept,
        config: this.#config,
        signal: this.#options.signal,
      });
      const relearn = await this.#relearn(unit, model, out, engine);
      const outcome: ArmOutcome = {
        concept: concept.name,
        arm: arm.name,
        seed,
        measures: { ...judgement.measures, ...(relearn === undefined ? {} : { relearn }) },
        steps: trained?.steps ?? 0,
        keptStep: trained?.keptStep ?? null,
        seconds: trained?.seconds ?? 0,
        peakBytes: trained?.peakBytes ?? 0,
        history: trained?.history ?? [],
        validation: (trained?.validation ?? []).map(({ step, metrics }) => ({
          step,
          forget: metrics['forget'] ?? null,
          retain: metrics['retain'] ?? metrics['validation'] ?? null,
        })),
        weights,
        notes: trained?.reason === null || trained === null ? [] : [trained.reason],
      };
      await writeJson(record, { key, outcome, judgement });
      this.#add(unit, outcome, judgement);
    }
    if (arm.role === 'method') this.#models.push({ concept: concept.name, seed, folder: model });
    else if (trained !== null && this.#options.keepModels !== 'all') {
      await rm(trained.model, { recursive: true, force: true });
    }
    this.#done += 1;
    onNews?.({ kind: 'done', name, text: this.#line(unit) });
  }

  async #train({ concept, arm, seed }: Unit, original: string, out: string, engine: EngineClient) {
    if (arm.name === 'original') return null;
    const name = `${concept.name} · ${arm.name} · seed ${seed}`;
    if (arm.name === 'retrained') {
      const sets = {
        train: concept.sets['retain-train'] ?? [],
        validation: concept.sets['retain-validation'] ?? [],
      };
      return this.#trainFromScratch(sets, 'retrained', seed, out, name, engine);
    }
    const data = await this.#jobData(this.#folder.sets(concept.name, 'unlearning'), concept.sets);
    const place = { seed, out, model: original, cache: this.#folder.cache };
    return trainModel(engine, cliperaseJob(this.#config.cliperase, arm, data, place), name, this.#options);
  }

  /** Steps until the forget set is known again half as well as before. */
  async #relearn({ concept, arm, seed }: Unit, model: string, out: string, engine: EngineClient) {
    const { cliperase } = this.#config;
    const limit = cliperase.relearnSteps;
    if (limit === 0 || arm.name === 'original' || this.#data.pairs.classTexts === null) return undefined;
    const before = this.#outcomes.get(outcomeKey({ concept: concept.name, arm: 'original', seed }))?.outcome.measures
      .zeroShot?.forget;
    const goal = before === undefined || before.n === 0 ? undefined : before.correct / before.n / 2;
    if (goal === undefined || goal === 0) return undefined;
    const { sets } = concept;
    const forget = sets['forget-train'] ?? [];
    // Alone, items of one class give no contrast: as many others stand beside them.
    const others = (sets['retain-members'] ?? sets['retain-train'] ?? []).slice(0, Math.max(forget.length, 64));
    const data = await this.#jobData(join(out, 'relearn.sets.json'), {
      train: [...forget, ...others],
      'forget-validation': sets['forget-validation'] ?? [],
    });
    const place = { seed, out: join(out, 'relearn'), model };
    const trained = await trainModel(engine, relearnJob(cliperase, data, place, goal), `${arm.name} relearning`, {
      signal: this.#options.signal,
    });
    await rm(trained.model, { recursive: true, force: true });
    const reached = trained.validation.find(({ metrics }) => Object.values(metrics).some((v) => (v ?? 0) >= goal));
    return { steps: reached?.step ?? null, limit };
  }

  #add(unit: Unit, outcome: ArmOutcome, judgement: Judgement): void {
    this.#outcomes.set(unitKey(unit), { outcome, judgement });
  }

  #line(unit: Unit): string {
    const measures = this.#outcomes.get(unitKey(unit))?.outcome.measures;
    const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;
    const zero = measures?.zeroShot;
    if (zero !== undefined) {
      const share = ({ correct, n }: { correct: number; n: number }): string => percent(n === 0 ? 0 : correct / n);
      return `forget ${share(zero.forget)}, retain ${share(zero.retain)}`;
    }
    const recall = measures?.retrieval?.textToImage;
    if (recall !== undefined) {
      return `recall@10 of texts: forget ${percent(recall.forget.recall['10'])}, retain ${percent(recall.retain.recall['10'])}`;
    }
    return '';
  }

  /** Every outcome with its distance to the model that never saw the forget set. */
  #outcomesBesideGold(): ArmOutcome[] {
    const rank = (names: readonly (string | number)[], name: string | number): number => names.indexOf(name);
    const arms = armDefinitions.map(({ name }) => name);
    const concepts = this.#data.concepts.map(({ name }) => name);
    const sorted = [...this.#outcomes.values()].sort(
      ({ outcome: a }, { outcome: b }) =>
        rank(arms, a.arm) - rank(arms, b.arm) ||
        rank(this.#config.seeds, a.seed) - rank(this.#config.seeds, b.seed) ||
        rank(concepts, a.concept) - rank(concepts, b.concept),
    );
    return sorted.map(({ outcome, judgement }) => {
      const gold = this.#outcomes.get(outcomeKey({ ...outcome, arm: 'retrained' }))?.judgement;
      if (gold === undefined || outcome.arm === 'retrained') return outcome;
      return { ...outcome, measures: { ...outcome.measures, toRetrained: retrainedDistance(judgement, gold) } };
    });
  }

  /** Writes a model's ONNX files and says what they score by themselves, which has to be what PyTorch scored. */
  async export(model: ExperimentEnd['models'][number], engine: EngineClient): Promise<void> {
    const concept = this.#data.concepts.find(({ name }) => name === model.concept);
    const outcome = this.#outcomes.get(outcomeKey({ ...model, arm: 'f+r+c' }))?.outcome;
    if (concept === undefined || outcome === undefined) return;
    const folder = await exportModel(engine, model.folder, this.#options);
    const measures = await judgeExported(folder, this.#data, concept, this.#config);
    const same = ['forget', 'retain'].every((side) => {
      const [first, second] = [measures, outcome.measures].map(
        ({ zeroShot }) => zeroShot?.[side as 'forget' | 'retain'],
      );
      return first?.correct === second?.correct;
    });
    const name = `${model.concept}, seed ${model.seed}`;
    this.#notes.push(
      same
        ? `${name}: the exported ONNX model, run without Python, gets the same number of test items right.`
        : `${name}: the exported ONNX model, run without Python, gets another number of test items right; rounding moves items that lie between two classes.`,
    );
  }

  methodModels(): ExperimentEnd['models'] {
    return this.#models;
  }

  experiment(arms: readonly ArmDefinition[]): UnlearningExperiment {
    const { items, concepts, classes, name, hash, notes } = this.#data;
    const { cliperase, clip } = this.#config;
    const first = [...this.#originals.values()][0];
    return {
      title: `Unlearning ${concepts.map((concept) => concept.name).join(', ')} from ${this.#recipe.name}`,
      command: this.#options.command,
      createdAt: Date.now(),
      dataset: { name, items: items.length, classes: classes?.length ?? null, hash, notes },
      model: {
        name: this.#recipe.name,
        parameters: first?.trained?.parameters ?? this.#facts.parameters,
        trainable: cliperase.trainable.kind,
      },
      device: this.#facts.device,
      versions: this.#facts.versions,
      concepts: concepts.map((concept) => ({
        name: concept.name,
        rule: concept.rule,
        counts: { forget: counts(concept.sets, 'forget'), retain: counts(concept.sets, 'retain') },
        near: concept.near,
      })),
      arms: arms.map(({ name: arm, title, role }) => ({ name: arm, title, role })),
      outcomes: this.#outcomesBesideGold(),
      settings: {
        seeds: this.#config.seeds.join(', '),
        steps: cliperase.steps,
        'learning rate': cliperase.learningRate,
        'forget pairs a step': cliperase.batch.forget,
        'retain pairs a step': cliperase.batch.retain,
        forgetting: `${cliperase.forgetting.weight} x ${cliperase.forgetting.form}`,
        retention: `${cliperase.retention.weight} x contrastive, ${cliperase.retention.positives} positives`,
        consistency: `${cliperase.consistency.weight} x ${cliperase.consistency.form}`,
        'kept weights': cliperase.keep,
        ...(this.#config.model === null
          ? {
              'epochs of the original': clip.epochs,
              'batch of the original': clip.batch,
              'learning rate of the original': clip.learningRate,
            }
          : {}),
      },
      published: publishedAblation,
      notes: this.#notes,
    };
  }
}

const outcomeKey = ({ concept, arm, seed }: Pick<ArmOutcome, 'concept' | 'arm' | 'seed'>): string =>
  `${concept}\n${arm}\n${seed}`;

const unitKey = ({ concept, arm, seed }: Unit): string => outcomeKey({ concept: concept.name, arm: arm.name, seed });

function counts(sets: Sets, side: 'forget' | 'retain'): Record<'train' | 'validation' | 'test', number> {
  const n = (part: string): number => sets[`${side}-${part}`]?.length ?? 0;
  return { train: n('train'), validation: n('validation'), test: n('test') };
}
