import type { ImageTextMeasures } from '../../metrics/index.ts';

export type { Proportion } from '../../metrics/index.ts';

/** Accuracies, recalls and rates are from 0 to 1 everywhere in this file; reports show percent. */

export type ArmRole = 'original' | 'ablation' | 'method' | 'baseline' | 'sweep' | 'gold-standard';

/** One kind of training in an experiment: a row of its tables. */
export interface Arm {
  /** `original`, `f`, `f+r`, `f+r+c`, `gradient-ascent`, `retrained` … */
  readonly name: string;
  /** For people: "Forgetting + retention". */
  readonly title: string;
  readonly role: ArmRole;
  /** For the role `sweep`: the loss weight of the method that differs from `lossWeights`. */
  readonly sweep?: { readonly module: LossModule; readonly weight: number };
}

export type LossModule = 'forgetting' | 'retention' | 'consistency';

/** What the tasks say of one trained model. */
export interface ModelMeasures extends ImageTextMeasures {
  /** Steps of training on forget pairs until the accuracy is back at half of what it was; null where `limit` steps did not do. */
  readonly relearn?: { readonly steps: number | null; readonly limit: number };
}

export interface HistoryPoint {
  readonly step: number;
  readonly loss: number | null;
  readonly losses: Readonly<Record<string, number | null>>;
}

/** One arm of one concept with one seed. */
export interface ArmOutcome {
  readonly concept: string;
  readonly arm: string;
  readonly seed: number;
  readonly measures: ModelMeasures;
  readonly steps: number;
  /** Step whose weights were kept. */
  readonly keptStep: number | null;
  readonly seconds: number;
  readonly peakBytes: number;
  readonly history: readonly HistoryPoint[];
  /** Validation accuracies while training. */
  readonly validation: readonly {
    readonly step: number;
    readonly forget: number | null;
    readonly retain: number | null;
  }[];
  /** sha256 of the weights. */
  readonly weights: string;
  readonly notes: readonly string[];
}

/** One arm of one concept with one seed that gave no model. */
export interface ArmFailure {
  readonly concept: string;
  readonly arm: string;
  readonly seed: number;
  /** "the loss became not a number at step 40". */
  readonly reason: string;
}

export interface ConceptFacts {
  /** "apple", or a list of classes. */
  readonly name: string;
  readonly rule: string;
  /** Items by set and split: `{ forget: { train, validation, test }, retain: … }`. */
  readonly counts: Readonly<Record<'forget' | 'retain', Readonly<Record<'train' | 'validation' | 'test', number>>>>;
  readonly near: readonly string[];
}

/** Everything that the report of an unlearning experiment is made from. Plain data; also written as JSON. */
export interface UnlearningExperiment {
  readonly title: string;
  readonly command: string;
  readonly createdAt: number;
  readonly dataset: {
    readonly name: string;
    readonly items: number;
    readonly classes: number | null;
    readonly hash: string;
    readonly notes: readonly string[];
  };
  readonly model: { readonly name: string; readonly parameters: number; readonly trainable: string };
  readonly device: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly concepts: readonly ConceptFacts[];
  readonly arms: readonly Arm[];
  /** Weights of the method's losses, about which a sweep goes. */
  readonly lossWeights?: Readonly<Record<LossModule, number>>;
  readonly outcomes: readonly ArmOutcome[];
  /** Trainings that ended without a model; they count as missing in every figure. */
  readonly failures?: readonly ArmFailure[];
  readonly settings: Readonly<Record<string, string | number | boolean | null>>;
  /** Published figures to stand beside the ablation rows, in percent. */
  readonly published: readonly {
    readonly arm: string;
    readonly forget: number;
    readonly retain: number;
    readonly source: string;
  }[];
  readonly notes: readonly string[];
}
