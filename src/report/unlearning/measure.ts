import type { ArmOutcome, ModelMeasures, Proportion, UnlearningExperiment } from './experiment.ts';

/** A number of one model, and the test items behind it where it is a proportion. */
export interface Measured {
  readonly value: number;
  readonly items?: number | undefined;
}

export const rateOf = (proportion: Proportion | undefined): Measured | null =>
  proportion === undefined || proportion.n === 0
    ? null
    : { value: proportion.correct / proportion.n, items: proportion.n };

const number = (value: number | undefined | null): Measured | null =>
  value === undefined || value === null || !Number.isFinite(value) ? null : { value };

/** What forgetting and retention are judged by: zero-shot accuracy, or recall where items have no classes. */
export interface MainMeasure {
  readonly kind: 'zero-shot' | 'retrieval';
  /** "zero-shot accuracy". */
  readonly name: string;
  /** "accuracy". */
  readonly short: string;
  of(measures: ModelMeasures, set: 'forget' | 'retain'): Measured | null;
}

const zeroShot: MainMeasure = {
  kind: 'zero-shot',
  name: 'zero-shot accuracy',
  short: 'accuracy',
  of: (measures, set) => rateOf(measures.zeroShot?.[set]),
};

const retrieval: MainMeasure = {
  kind: 'retrieval',
  name: 'text-to-image recall at 10',
  short: 'recall at 10',
  of(measures, set) {
    const found = measures.retrieval?.textToImage[set];
    return found === undefined || found.n === 0 ? null : { value: found.recall['10'], items: found.n };
  },
};

/** Zero-shot accuracy where any outcome has it, else text-to-image recall at 10. */
export function mainMeasureOf(experiment: Pick<UnlearningExperiment, 'outcomes'>): MainMeasure {
  return experiment.outcomes.every(({ measures }) => measures.zeroShot === undefined) ? retrieval : zeroShot;
}

/** Measures of one outcome that need no other outcome beside it. */
export const measures = {
  near: ({ zeroShot: found }: ModelMeasures) => rateOf(found?.near),
  far: ({ zeroShot: found }: ModelMeasures) => rateOf(found?.far),
  cosineForget: ({ matchedCosine }: ModelMeasures) => number(matchedCosine.forget),
  cosineRetain: ({ matchedCosine }: ModelMeasures) => number(matchedCosine.retain),
  membershipAuc: ({ membershipAuc }: ModelMeasures) => number(membershipAuc),
  ksForget: ({ toRetrained }: ModelMeasures) => number(toRetrained?.ksForget),
  ksRetain: ({ toRetrained }: ModelMeasures) => number(toRetrained?.ksRetain),
  agreementForget: ({ toRetrained }: ModelMeasures) => number(toRetrained?.agreementForget),
  agreementRetain: ({ toRetrained }: ModelMeasures) => number(toRetrained?.agreementRetain),
} as const satisfies Readonly<Record<string, (measures: ModelMeasures) => Measured | null>>;

export type MeasureName = keyof typeof measures;

/** The outcome of the untouched model that belongs to another outcome: same concept and seed, else same concept. */
export function pairedOutcome(
  outcomes: readonly ArmOutcome[],
  of: Pick<ArmOutcome, 'concept' | 'seed'>,
): ArmOutcome | undefined {
  const same = outcomes.filter(({ concept }) => concept === of.concept);
  return same.find(({ seed }) => seed === of.seed) ?? same[0];
}
