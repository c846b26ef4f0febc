import { z } from 'zod';

/** A folder of image-text pairs, ready to train on, and which of its items belong to which set. */
const pairsSchema = z.strictObject({
  /** Folder written by the training room: manifest.json, items.jsonl, texts.jsonl, pixels.safetensors. */
  pairs: z.string(),
  /** JSON file: set name → rows of items.jsonl (from 0). Names used: train, validation; forget-train, retain-train, forget-validation, retain-validation. */
  sets: z.string(),
});

/** A compact CLIP of transformers' CLIP classes, for training from scratch. */
export const compactClipSchema = z.strictObject({
  imageSize: z.int().min(8).max(512).default(32),
  patchSize: z.int().min(1).max(64).default(4),
  visionWidth: z.int().min(16).default(192),
  visionLayers: z.int().min(1).default(6),
  visionHeads: z.int().min(1).default(3),
  textWidth: z.int().min(16).default(128),
  textLayers: z.int().min(1).default(3),
  textHeads: z.int().min(1).default(2),
  /** Most tokens of a text, begin and end marks included. */
  textLength: z.int().min(4).max(512).default(32),
  /** Most entries of the byte-level BPE vocabulary, which is learnt from the texts of the training set. */
  vocabulary: z.int().min(300).default(2048),
  embeddingWidth: z.int().min(8).default(128),
  /** Temperature at the start: logits are similarities times exp of this. */
  logitScale: z.number().default(2.6593),
});

const optimizerSchema = z.strictObject({
  name: z.enum(['adam', 'adamw']).default('adam'),
  learningRate: z.number().positive(),
  betas: z.tuple([z.number(), z.number()]).default([0.9, 0.98]),
  weightDecay: z.number().min(0).default(0),
  /** Largest norm of the gradient; null does not clip. */
  clip: z.number().positive().nullable().default(1),
  warmupSteps: z.int().min(0).default(0),
  schedule: z.enum(['constant', 'cosine', 'linear']).default('constant'),
});

/** Which parameters move. */
export const trainableSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('full') }),
  z.strictObject({
    kind: z.literal('lora'),
    rank: z.int().min(1).default(8),
    alpha: z.number().positive().default(16),
    dropout: z.number().min(0).max(1).default(0),
    towers: z.enum(['both', 'vision', 'text']).default('both'),
    /** Last parts of module names; each must match at least one module of the towers. */
    modules: z.array(z.string()).default(['q_proj', 'k_proj', 'v_proj', 'out_proj']),
  }),
  z.strictObject({
    kind: z.literal('last-layers'),
    /** How many transformer blocks at the end of each tower; 0 trains the projections alone. */
    layers: z.int().min(0).default(1),
    towers: z.enum(['both', 'vision', 'text']).default('both'),
  }),
]);

/** Fields that every training job has. */
const common = {
  v: z.literal(1),
  seed: z.int().default(0),
  /** Absolute folder of this job: checkpoints in `checkpoints/`, the result in `model/`, `history.jsonl`. */
  out: z.string(),
  /** `auto` goes on from the newest whole checkpoint in `out`, if there is one of the same job; `never` starts anew. */
  resume: z.enum(['auto', 'never']).default('auto'),
  data: pairsSchema,
  steps: z.int().min(1),
  optimizer: optimizerSchema,
  trainable: trainableSchema.default({ kind: 'full' }),
  /** The temperature may be trained with the rest (never above ln 100) or kept. */
  trainLogitScale: z.boolean().default(true),
  /** `auto` takes bf16 autocast on GPUs that have it, else fp32. Weights are fp32 always. */
  precision: z.enum(['auto', 'fp32', 'bf16']).default('auto'),
  device: z.enum(['auto', 'cpu', 'cuda']).default('auto'),
  threads: z.int().min(1).nullable().default(null),
  /** Bit-equal repeats on one machine and version, at some cost in speed. */
  deterministic: z.boolean().default(false),
  /** Micro-batches of one step: equal gradients with less memory (features are cached, then each part is run again). */
  microBatches: z.int().min(1).default(1),
  /** Where frozen outputs (teacher features) are cached by content; null computes them for this job alone. */
  cache: z.string().nullable().default(null),
  save: z.strictObject({ everySteps: z.int().min(1).nullable().default(null), keep: z.int().min(1).default(2) }),
  log: z.strictObject({ everySteps: z.int().min(1).default(10) }),
};

/** Zero-shot accuracy on the validation sets while training, and what follows from it. */
const evaluateSchema = z.strictObject({
  everySteps: z.int().min(1),
  /** Class names → the texts whose mean embedding stands for the class; rows of texts.jsonl. Absent: retrieval is measured. */
  classTexts: z
    .record(z.string(), z.array(z.int().min(0)))
    .nullable()
    .default(null),
  /** Most items of each validation set; the rest is left out by a seeded draw. */
  maxItems: z.int().min(1).default(2000),
});

/** Contrastive training of an image-text model, from scratch or from a checkpoint. */
export const clipJobSchema = z.strictObject({
  kind: z.literal('clip'),
  ...common,
  model: z.union([z.strictObject({ path: z.string() }), z.strictObject({ architecture: compactClipSchema })]),
  batch: z.strictObject({ items: z.int().min(2) }),
  /** Random changes of training images: shift by up to `shift` pixels, mirror, colour, and cut-out of a square. */
  augment: z
    .strictObject({
      shift: z.int().min(0).default(0),
      mirror: z.boolean().default(false),
      brightness: z.number().min(0).max(1).default(0),
      contrast: z.number().min(0).max(1).default(0),
      cutout: z.int().min(0).default(0),
    })
    .default({ shift: 0, mirror: false, brightness: 0, contrast: 0, cutout: 0 }),
  labelSmoothing: z.number().min(0).max(0.5).default(0),
  /** Rows with equal text count as positives of each other. */
  positives: z.enum(['multiple', 'single']).default('multiple'),
  evaluate: evaluateSchema.nullable().default(null),
  /** `best` keeps the weights of the best validation accuracy, `last` those of the end. */
  keep: z.enum(['best', 'last']).default('last'),
  /** Stops once the accuracy on the named validation set is reached (relearning cost). */
  stopAt: z
    .strictObject({ set: z.string(), accuracy: z.number().min(0).max(1) })
    .nullable()
    .default(null),
});

/** The three modules of CLIPErase, each of which can be switched off, and the baselines, which are other sums of the same terms. */
const objectiveSchema = z.discriminatedUnion('name', [
  z.strictObject({
    name: z.literal('cliperase'),
    forgetting: z
      .strictObject({
        weight: z.number().min(0).default(3),
        /** cosine: mean cosine of matched pairs; dot: of raw features; margin: max(0, cosine − margin); negative-ce: minus the contrastive loss. */
        form: z.enum(['cosine', 'dot', 'margin', 'negative-ce']).default('cosine'),
        margin: z.number().min(-1).max(1).default(0),
      })
      .nullable(),
    retention: z
      .strictObject({
        weight: z.number().min(0).default(1),
        positives: z.enum(['multiple', 'single']).default('multiple'),
        /** retain: the retain block alone; all: forget columns stay as negatives. */
        negatives: z.enum(['retain', 'all']).default('retain'),
      })
      .nullable(),
    consistency: z
      .strictObject({
        weight: z.number().min(0).default(3),
        /** kl: teacher against student over in-batch similarities, both directions; features: mean squared distance of unit features. */
        form: z.enum(['kl', 'reverse-kl', 'symmetric-kl', 'features']).default('kl'),
        columns: z.enum(['retain', 'all']).default('retain'),
      })
      .nullable(),
  }),
  /** Minus the contrastive loss on the forget set, nothing else. */
  z.strictObject({ name: z.literal('gradient-ascent') }),
  /** Contrastive loss on the retain set minus that on the forget set. */
  z.strictObject({ name: z.literal('gradient-difference'), forgetWeight: z.number().min(0).default(1) }),
  /** Contrastive loss on the retain set alone. */
  z.strictObject({ name: z.literal('retain-only') }),
  /** Contrastive loss on the retain set, and on the forget set with texts drawn from other items. */
  z.strictObject({ name: z.literal('random-labels'), forgetWeight: z.number().min(0).default(1) }),
]);

/** Unlearning of the forget set of a trained image-text model. */
export const cliperaseJobSchema = z.strictObject({
  kind: z.literal('cliperase'),
  ...common,
  model: z.strictObject({ path: z.string() }),
  objective: objectiveSchema,
  /** Pairs of each set in a step. `mixed` draws both from one shuffled stream, as the released runner does. */
  batch: z.strictObject({
    forget: z.int().min(1).default(8),
    retain: z.int().min(2).default(8),
    sampling: z.enum(['balanced', 'mixed']).default('balanced'),
  }),
  evaluate: evaluateSchema.nullable().default(null),
  /**
   * Which weights are kept. `validation`: of the evaluated steps those whose forget accuracy is at most `forgetAtMost`,
   * and among them the best retain accuracy; where none is, the smallest forget accuracy. `last`: those of the end.
   */
  keep: z.enum(['validation', 'last']).default('validation'),
  /** Ends early once the forget accuracy is at most `forgetAtMost` and retain accuracy at least `retainAtLeast` of what it was. */
  stop: z
    .strictObject({
      forgetAtMost: z.number().min(0).max(1).default(0.02),
      retainAtLeast: z.number().min(0).max(1).default(0.98),
      early: z.boolean().default(false),
    })
    .default({ forgetAtMost: 0.02, retainAtLeast: 0.98, early: false }),
});

export const trainingJobSchema = z.discriminatedUnion('kind', [clipJobSchema, cliperaseJobSchema]);

export type CompactClip = z.output<typeof compactClipSchema>;
export type Trainable = z.output<typeof trainableSchema>;
export type ClipJob = z.output<typeof clipJobSchema>;
export type ClipJobInput = z.input<typeof clipJobSchema>;
export type CliperaseJob = z.output<typeof cliperaseJobSchema>;
export type CliperaseJobInput = z.input<typeof cliperaseJobSchema>;
export type TrainingJob = z.output<typeof trainingJobSchema>;
export type TrainingJobInput = z.input<typeof trainingJobSchema>;
