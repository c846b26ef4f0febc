import { access, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { EngineClient } from '../../engine/index.ts';
import { relearningSteps } from '../../metrics/index.ts';
import type { ModelMeasures } from '../../report/index.ts';
import { cliperaseJob, type JobData, plainSets, relearnJob, type Sets } from '../../training/index.ts';
import { ArmOutcomes, type ArmUnit, type JudgedArm, outcomeLine } from './arm-unit.ts';
import type { ExperimentFacts } from './assemble-experiment.ts';
import type { ExperimentConfig } from './experiment-config.ts';
import { type ExperimentFolder, hashOf, readJson, writeJson } from './experiment-folder.ts';
import { exportModel } from './export-model.ts';
import { judgeExported, judgeModel } from './judge-model.ts';
import type { OriginalRecipe } from './original-recipe.ts';
import type { PreparedData } from './prepare-data.ts';
import { trainCompact } from './train-compact.ts';
import { trainModel, type TrainedModel } from './train-model.ts';
import type { TrainingHooks } from './training-hooks.ts';
import { weightsHash } from './weights-hash.ts';

interface Original {
  readonly folder: string;
  /** sha256 of its weights: with others, nothing that was made of it is taken up. */
  readonly weights: string;
}

/** A model whose weights were kept. */
export interface KeptModel {
  readonly concept: string;
  readonly seed: number;
  readonly folder: string;
}

/** Makes, judges and keeps the parts of one experiment, or takes up those that are whole. */
export class ArmRunner {
  readonly outcomes = new ArmOutcomes();
  readonly notes: string[] = [];
  /** Checkpoints of the arm `f+r+c`. */
  readonly methodModels: KeptModel[] = [];
  facts: ExperimentFacts = { parameters: 0, device: '', versions: {} };
  readonly #originals = new Map<number, Original>();
  #done = 0;

  readonly #config: ExperimentConfig;
  readonly #given: ReadonlyMap<number, string> | null;
  readonly #folder: ExperimentFolder;
  readonly #data: PreparedData;
  readonly #recipe: OriginalRecipe;
  readonly #options: TrainingHooks & { readonly keepModels?: 'method' | 'all' | undefined };

  constructor(parts: {
    readonly config: ExperimentConfig;
    /** Checkpoint folder of each seed's original; null where it is trained here. */
    readonly given: ReadonlyMap<number, string> | null;
    readonly folder: ExperimentFolder;
    readonly data: PreparedData;
    readonly recipe: OriginalRecipe;
    readonly options: TrainingHooks & { readonly keepModels?: 'method' | 'all' | undefined };
  }) {
    this.#config = parts.config;
    this.#given = parts.given;
    this.#folder = parts.folder;
    this.#data = parts.data;
    this.#recipe = parts.recipe;
    this.#options = parts.options;
  }

  /** The model that is to forget: as given, or trained here. */
  async original(seed: number, engine: EngineClient): Promise<void> {
    this.facts = { ...this.facts, device: engine.ready.device, versions: engine.ready.versions };
    const given = this.#given?.get(seed);
    if (given !== undefined) {
      this.#originals.set(seed, { folder: given, weights: await weightsHash(given) });
      return;
    }
    const name = `original, seed ${seed}`;
    const sets = plainSets(this.#data.split);
    const trained = await this.#trainFromScratch(sets, 'original', seed, this.#folder.original(seed), name, engine);
    this.#originals.set(seed, { folder: trained.model, weights: trained.weights });
  }

  /** Makes or takes up one unit; `total` is how many there are. */
  async arm(unit: ArmUnit, total: number, engine: EngineClient): Promise<void> {
    const { concept, arm, seed } = unit;
    const { onNews } = this.#options;
    const name = unitName(unit);
    const original = this.#originalOf(seed);
    onNews?.({ kind: 'job', name, index: this.#done, total });
    const out = this.#folder.arm(concept.name, arm.name, seed);
    const trained = await this.#train(unit, original, out, engine);
    if (trained !== null) this.facts = { ...this.facts, parameters: trained.parameters, device: trained.device };
    const weights = trained?.weights ?? original.weights;
    const key = hashOf({
      trained: trained?.jobHash ?? null,
      weights,
      rule: concept.rule,
      sets: concept.sets,
      probes: this.#config.probes,
      synonyms: this.#config.synonyms,
      relearn: this.#config.cliperase.relearnSteps,
      version: 1,
    });
    const record = join(out, 'outcome.json');
    const kept = (await readJson(record)) as (JudgedArm & { readonly key: string }) | undefined;
    const judged = kept?.key === key ? kept : await this.#judge(unit, original, trained, weights, out, engine);
    if (judged !== kept) await writeJson(record, { key, ...judged });
    this.outcomes.add(judged);
    const model = trained?.model ?? original.folder;
    if (arm.role === 'method') this.methodModels.push({ concept: concept.name, seed, folder: model });
    else if (trained !== null && this.#options.keepModels !== 'all') {
      await rm(trained.model, { recursive: true, force: true });
    }
    this.#done += 1;
    onNews?.({ kind: 'done', name, text: outcomeLine(judged.outcome) });
  }

  async #judge(
    unit: ArmUnit,
    original: Original,
    trained: TrainedModel | null,
    weights: string,
    out: string,
    engine: EngineClient,
  ): Promise<JudgedArm> {
    const { concept, arm, seed } = unit;
    // Weights of most arms are not kept: a model that is to be judged in another way is trained again.
    const missing = trained !== null && !(await exists(trained.model));
    if (missing) await rm(join(out, 'trained.json'), { force: true });
    const model = (missing ? await this.#train(unit, original, out, engine) : trained)?.model ?? original.folder;
    const judgement = await judgeModel({
      engine,
      model,
      data: this.#data,
      concept,
      config: this.#config,
      signal: this.#options.signal,
    });
    const relearn = await this.#relearn(unit, model, weights, out, engine);
    const outcome = {
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
    return { outcome, judgement };
  }

  async #train(unit: ArmUnit, original: Original, out: string, engine: EngineClient): Promise<TrainedModel | null> {
    const { concept, arm, seed } = unit;
    if (arm.name === 'original') return null;
    if (arm.name === 'retrained') {
      const sets = {
        train: concept.sets['retain-train'] ?? [],
        validation: concept.sets['retain-validation'] ?? [],
      };
      return this.#trainFromScratch(sets, 'retrained', seed, out, unitName(unit), engine);
    }
    const data = await this.#jobData(this.#folder.sets(concept.name, 'unlearning'), concept.sets);
    const place = { seed, out, model: original.folder, cache: this.#folder.cache };
    const job = cliperaseJob(this.#config.cliperase, arm, data, place);
    return trainModel(engine, job, unitName(unit), this.#options, original.weights);
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

  /** Steps until the forget set is known again half as well as before. */
  async #relearn(
    { concept, arm, seed }: ArmUnit,
    model: string,
    weights: string,
    out: string,
    engine: EngineClient,
  ): Promise<ModelMeasures['relearn']> {
    const { cliperase } = this.#config;
    const limit = cliperase.relearnSteps;
    if (limit === 0 || arm.name === 'original' || arm.role === 'sweep' || this.#data.pairs.classTexts === null)
      return undefined;
    const original = this.outcomes.of({ concept: concept.name, arm: 'original', seed });
    const before = original?.outcome.measures.zeroShot?.forget;
    const goal = before === undefined || before.n === 0 ? 0 : before.correct / before.n / 2;
    if (goal === 0) return undefined;
    const { sets } = concept;
    const forget = sets['forget-train'] ?? [];
    // Alone, items of one class give no contrast: as many others stand beside them.
    const others = (sets['retain-members'] ?? sets['retain-train'] ?? []).slice(0, Math.max(forget.length, 64));
    const data = await this.#jobData(join(out, 'relearn.sets.json'), {
      train: [...forget, ...others],
      'forget-validation': sets['forget-validation'] ?? [],
    });
    const job = relearnJob(cliperase, data, { seed, out: join(out, 'relearn'), model }, goal);
    const { signal } = this.#options;
    const trained = await trainModel(engine, job, `${arm.name} relearning`, { signal }, weights);
    await rm(trained.model, { recursive: true, force: true });
    const curve = trained.validation.map(({ step, metrics }) => ({
      step,
      accuracy: metrics['forget-validation'] ?? 0,
    }));
    return { steps: relearningSteps(curve, goal), limit };
  }

  /** Writes a model's ONNX files and says what they score by themselves, which has to be what PyTorch scored. */
  async export(model: KeptModel, engine: EngineClient): Promise<void> {
    const concept = this.#data.concepts.find(({ name }) => name === model.concept);
    const outcome = this.outcomes.of({ ...model, arm: 'f+r+c' })?.outcome;
    if (concept === undefined || outcome === undefined) return;
    const folder = await exportModel(engine, model.folder, this.#options);
    const { zeroShot } = await judgeExported(folder, this.#data, concept, this.#config);
    const before = outcome.measures.zeroShot;
    const same =
      zeroShot?.forget.correct === before?.forget.correct && zeroShot?.retain.correct === before?.retain.correct;
    const name = `${model.concept}, seed ${model.seed}`;
    this.notes.push(
      same
        ? `${name}: the exported ONNX model, run without Python, gets the same number of test items right.`
        : `${name}: the exported ONNX model, run without Python, gets another number of test items right; rounding moves items that lie between two classes.`,
    );
  }

  async #jobData(file: string, sets: Sets): Promise<JobData> {
    if (JSON.stringify(await readJson(file)) !== JSON.stringify(sets)) await writeJson(file, sets);
    return { pairs: this.#data.pairs.folder, sets: file, classTexts: this.#data.pairs.classTexts };
  }

  #originalOf(seed: number): Original {
    const original = this.#originals.get(seed);
    if (original === undefined) throw new Error(`there is no original of seed ${seed}`);
    return original;
  }
}

const unitName = ({ concept, arm, seed }: ArmUnit): string => `${concept.name} · ${arm.name} · seed ${seed}`;

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
