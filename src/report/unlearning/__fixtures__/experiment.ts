import type { Arm, ArmOutcome, ModelMeasures, Proportion, UnlearningExperiment } from '../experiment.ts';

const armsByRole: readonly (Arm & { readonly level: readonly [forget: number, retain: number] })[] = [
  { name: 'original', title: 'Original', role: 'original', level: [0.62, 0.58] },
  { name: 'f', title: 'Forgetting', role: 'ablation', level: [0.09, 0.41] },
  { name: 'f+r', title: 'Forgetting + retention', role: 'ablation', level: [0.04, 0.575] },
  { name: 'f+r+c', title: 'CLIPErase', role: 'method', level: [0.004, 0.577] },
  { name: 'gradient-ascent', title: 'Gradient ascent', role: 'baseline', level: [0.0, 0.12] },
  { name: 'gradient-difference', title: 'Gradient difference', role: 'baseline', level: [0.03, 0.55] },
  { name: 'retain-only', title: 'Fine-tuning on retain', role: 'baseline', level: [0.41, 0.59] },
  { name: 'random-labels', title: 'Random labels', role: 'baseline', level: [0.05, 0.54] },
  { name: 'retrained', title: 'Retrained without forget set', role: 'gold-standard', level: [0.0, 0.58] },
];

/** Uniform numbers from 0 to 1, the same for the same words. */
export function seededNumbers(words: string): () => number {
  let state = 2166136261;
  for (let i = 0; i < words.length; i++) state = Math.imul(state ^ words.charCodeAt(i), 16777619);
  return () => {
    state = Math.imul(state ^ (state >>> 15), 2246822519) + 0x9e3779b9;
    state ^= state >>> 13;
    return (state >>> 0) / 2 ** 32;
  };
}

const nouns = 'apple pear orange mushroom pepper bicycle bus train tractor tank bear lion tiger wolf leopard'.split(
  ' ',
);

export interface ExperimentOptions {
  readonly concepts?: readonly string[];
  readonly seeds?: readonly number[];
  readonly classes?: number;
  readonly zeroShot?: boolean;
  readonly retrieval?: boolean;
  /** Changes every name and text that others give. */
  readonly rename?: (name: string) => string;
}

/** An experiment as the workbench would hand it over, with made-up figures. */
export function makeExperiment(options: ExperimentOptions = {}): UnlearningExperiment {
  const {
    seeds = [0, 1, 2],
    classes = 100,
    zeroShot = true,
    retrieval = false,
    rename = (name: string) => name,
  } = options;
  const classNames = Array.from({ length: classes }, (_, i) =>
    rename(i < nouns.length ? (nouns[i] as string) : `class ${i}`),
  );
  const concepts = (options.concepts ?? ['apple', 'bicycle', 'bear']).map(rename);
  const near = (concept: string): string[] => {
    const at = Math.max(0, classNames.indexOf(concept));
    return classNames.slice(at + 1, at + 5);
  };
  const arms = armsByRole.map((arm) => ({ name: rename(arm.name), title: rename(arm.title), role: arm.role }));
  const outcomes = concepts.flatMap((concept) =>
    seeds.flatMap((seed) =>
      armsByRole.map((arm, i): ArmOutcome => {
        const random = seededNumbers(`${concept} ${seed} ${arm.name}`);
        const same = seededNumbers(concept);
        return outcomeOf({ concept, seed, arm: arms[i] as Arm, level: arm.level, random, same });
      }),
    ),
  );

  function outcomeOf(input: {
    concept: string;
    seed: number;
    arm: Arm;
    level: readonly [number, number];
    random: () => number;
    same: () => number;
  }): ArmOutcome {
    const { concept, seed, arm, random, same } = input;
    const vary = (rate: number, by = 0.02): number =>
      Math.min(1, Math.max(0, rate + (rate === 0 ? 0 : by * (random() * 2 - 1))));
    const of = (rate: number, n: number): Proportion => ({ correct: Math.round(rate * n), n });
    const [forget, retain] = input.level.map((rate) => vary(rate)) as [number, number];
    const perClass = Object.fromEntries(
      classNames.map((name) => {
        const base = 0.3 + 0.6 * same();
        const shift = near(concept).includes(name) ? (retain - 0.58) * 2 : retain - 0.58;
        return [name, of(name === concept ? forget : vary(Math.max(0, base + shift), 0.04), 50)];
      }),
    );
    const prompts = ['template:a photo of a {}.', 'template:a drawing of a {}', 'template:{}', 'synonym:red fruit'];
    const recall = (rate: number) => ({ '1': rate * 0.3, '5': rate * 0.7, '10': rate });
    const isTrained = arm.role !== 'original';
    const found: ModelMeasures = {
      ...(zeroShot && {
        zeroShot: {
          forget: of(forget, 50),
          retain: of(retain, 4950),
          near: of(vary(retain - 0.03), 200),
          far: of(retain, 4750),
          perClass,
          prompts: Object.fromEntries(
            prompts.map((prompt, i) => [
              rename(prompt),
              {
                forget: of(vary(forget * (1 - 0.1 * i) + (isTrained ? 0.03 * i : 0)), 50),
                retain: of(vary(retain - 0.02 * i), 4950),
              },
            ]),
          ),
        },
      }),
      ...(retrieval && {
        retrieval: {
          imageToText: {
            forget: { n: 30, recall: recall(forget) },
            retain: { n: 95, recall: recall(retain) },
          },
          textToImage: {
            forget: { n: 150, recall: recall(forget) },
            retain: { n: 475, recall: recall(retain) },
          },
        },
      }),
      matchedCosine: { forget: 0.1 + forget * 0.3, retain: 0.3 + retain * 0.1 },
      membershipAuc: vary(0.5 + 0.2 * forget),
      ...(arm.role !== 'gold-standard' && {
        toRetrained: {
          ksForget: vary(0.1 + 0.5 * forget),
          ksRetain: vary(0.08),
          agreementForget: vary(0.7 - 0.6 * forget),
          agreementRetain: vary(0.55 + 0.3 * retain),
        },
      }),
      ...(isTrained && { relearn: { steps: random() < 0.3 ? null : Math.round(10 + 80 * random()), limit: 200 } }),
    };
    const steps = isTrained ? 400 : 0;
    const kept = steps === 0 ? null : 100 + 50 * Math.floor(6 * random());
    return {
      concept,
      arm: arm.name,
      seed,
      measures: found,
      steps,
      keptStep: kept,
      seconds: isTrained ? 30 + 10 * random() : 0,
      peakBytes: 1.2e9 + 1e8 * random(),
      history: Array.from({ length: steps / 4 }, (_, i) => {
        const decay = Math.exp(-i / 25);
        const terms = {
          forgetting: vary(0.6 * decay, 0.05),
          retention: vary(1.2 + decay, 0.1),
          consistency: vary(0.3 * (1 - decay), 0.05),
        };
        return {
          step: 4 * (i + 1),
          loss: i === 50 ? null : terms.retention + 3 * terms.forgetting + 3 * terms.consistency,
          losses: Object.fromEntries(Object.entries(terms).map(([name, value]) => [rename(name), value])),
        };
      }),
      validation: Array.from({ length: steps / 50 }, (_, i) => ({
        step: 50 * (i + 1),
        forget: vary(forget + 0.5 * Math.exp(-(i + 1) / 1.5)),
        retain: vary(retain),
      })),
      weights: rename(`${seed}`.repeat(64).slice(0, 64)),
      notes: [],
    };
  }

  return {
    title: rename('Unlearning on CIFAR-100'),
    command: rename('fettle train cliperase --forget "classes=apple" --seeds 0,1,2'),
    createdAt: 1_780_000_000_000,
    dataset: {
      name: rename('cifar100'),
      items: 20_000,
      classes,
      hash: rename('ab'.repeat(32)),
      notes: [rename('150 of 500 training images a class')],
    },
    model: { name: rename('compact-clip'), parameters: 3_412_096, trainable: rename('all of both towers') },
    device: rename('NVIDIA H100 80GB HBM3'),
    versions: { torch: rename('2.11.0'), transformers: '5.17.0', [rename('fettle')]: '0.1.0' },
    concepts: concepts.map((name) => ({
      name,
      rule: rename(`classes=${name}`),
      counts: {
        forget: { train: 120, validation: 30, test: 50 },
        retain: { train: 11_880, validation: 2970, test: 4950 },
      },
      near: near(name),
    })),
    arms,
    outcomes,
    settings: {
      learningRate: 1e-5,
      batch: 64,
      [rename('lambda forgetting')]: 3,
      mode: rename('strict'),
      stop: null,
      cache: true,
    },
    published: [
      {
        arm: rename('original'),
        forget: 86.08,
        retain: 72.85,
        source: rename('CLIPErase, ACL 2025, ablation on CIFAR-100'),
      },
      { arm: rename('f'), forget: 18.57, retain: 64.12, source: rename('CLIPErase, ACL 2025, ablation on CIFAR-100') },
      { arm: rename('f+r'), forget: 9.4, retain: 73.14, source: rename('CLIPErase, ACL 2025, ablation on CIFAR-100') },
      { arm: rename('f+r+c'), forget: 0, retain: 90.8, source: rename('CLIPErase, ACL 2025, ablation on CIFAR-100') },
    ],
    notes: [rename('Selection on the validation part only.')],
  };
}
