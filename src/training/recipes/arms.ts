import type { CliperaseJob } from '../../engine/index.ts';
import type { CliperaseConfig } from './cliperase-config.ts';

type Objective = CliperaseJob['objective'];

/** One kind of training that the recipe `cliperase` can make of a trained model. */
export interface ArmDefinition {
  readonly name: string;
  readonly title: string;
  readonly role: 'original' | 'ablation' | 'method' | 'baseline' | 'sweep' | 'gold-standard';
  /** Which loss weight of the method this arm changes, and to what. */
  readonly sweep?: { readonly module: 'forgetting' | 'retention' | 'consistency'; readonly weight: number };
  /** Null where the arm is no unlearning job: the model as it was, or one trained anew. */
  readonly objective: ((config: CliperaseConfig) => Objective) | null;
}

function modules(config: CliperaseConfig, on: { readonly r: boolean; readonly c: boolean }): Objective {
  const { forgetting, retention, consistency } = config;
  return {
    name: 'cliperase',
    forgetting: { weight: forgetting.weight, form: forgetting.form, margin: forgetting.margin },
    retention: on.r ? { ...retention } : null,
    consistency: on.c ? { ...consistency } : null,
  };
}

/** The method's objective with all three modules. */
export const cliperaseObjective = (config: CliperaseConfig): Objective => modules(config, { r: true, c: true });

/** Every arm, in the order of the report's tables. */
export const armDefinitions: readonly ArmDefinition[] = [
  { name: 'original', title: 'Original model', role: 'original', objective: null },
  {
    name: 'f',
    title: 'Forgetting',
    role: 'ablation',
    objective: (config) => modules(config, { r: false, c: false }),
  },
  {
    name: 'f+r',
    title: 'Forgetting + retention',
    role: 'ablation',
    objective: (config) => modules(config, { r: true, c: false }),
  },
  {
    name: 'f+r+c',
    title: 'CLIPErase (forgetting + retention + consistency)',
    role: 'method',
    objective: cliperaseObjective,
  },
  {
    name: 'gradient-ascent',
    title: 'Gradient ascent',
    role: 'baseline',
    objective: () => ({ name: 'gradient-ascent' }),
  },
  {
    name: 'gradient-difference',
    title: 'Gradient difference',
    role: 'baseline',
    objective: () => ({ name: 'gradient-difference', forgetWeight: 1 }),
  },
  {
    name: 'random-labels',
    title: 'Random labels',
    role: 'baseline',
    objective: () => ({ name: 'random-labels', forgetWeight: 1 }),
  },
  {
    name: 'retain-only',
    title: 'Fine-tuning on retained data',
    role: 'baseline',
    objective: () => ({ name: 'retain-only' }),
  },
  { name: 'retrained', title: 'Retrained without the forget set', role: 'gold-standard', objective: null },
];

export const armNames = armDefinitions.map(({ name }) => name);
