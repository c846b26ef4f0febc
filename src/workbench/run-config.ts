import { z } from 'zod';
import { allocators } from '../tiling/tiling-options.ts';

const fieldNames = z.object({
  input: z.string().default('input'),
  target: z.string().default('target'),
  id: z.string().default('id'),
  choices: z.string().optional(),
  image: z.string().optional(),
  group: z.string().optional(),
  system: z.string().optional(),
});

/** What is evaluated: a benchmark of the registry, a module that exports a task, a file of rows, or what clients ask. */
export const targetSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('benchmark'), name: z.string() }),
  z.object({ kind: z.literal('module'), path: z.string() }),
  z.object({
    kind: z.literal('file'),
    path: z.string(),
    fields: fieldNames,
    scorers: z.array(z.string()).min(1).default(['exact']),
  }),
  // Requests of clients, answered by `fettle serve` under this name; `reading` says how answers are told apart.
  z.object({ kind: z.literal('served'), name: z.string(), reading: z.string() }),
]);

export type EvaluationTarget = z.output<typeof targetSchema>;

const settingsSchema = z.object({
  maxTokens: z.number().int().positive().optional(),
  temperature: z.number().min(0).optional(),
  topP: z.number().min(0).max(1).optional(),
  topK: z.number().int().positive().optional(),
  stop: z.array(z.string()).optional(),
});

/** The comparison of methods that a run belongs to. Any of its runs says how to make the others. */
const comparisonSchema = z.object({
  id: z.string(),
  /** All methods, the baseline first. */
  methods: z.array(z.string()).min(1),
  /** Which of them this run is, from 0. */
  place: z.number().int().nonnegative(),
  /** Runs whose journals answer equal requests of this one. */
  siblings: z.array(z.string()).default([]),
  /** Whether runs answer each other's equal requests. */
  share: z.boolean().default(true),
  /** Limits of all runs together. */
  budget: z.record(z.string(), z.number()).default({}),
});

/** Everything that a run is made from. Plain data: it is kept with the run, and `resume` starts from it. */
export const runConfigSchema = z.object({
  target: targetSchema,
  data: z.string().optional(),
  mode: z.string().optional(),
  tasks: z.array(z.string()).optional(),
  options: z.record(z.string(), z.string()).default({}),
  models: z.object({
    main: z.string(),
    judge: z.string().optional(),
    verifier: z.string().optional(),
    embedder: z.string().optional(),
  }),
  method: z.string().optional(),
  /** Images of the main model's requests as tiles; absent for images as they are. */
  tiling: z.object({ budget: z.number(), tile: z.number(), allocator: z.enum(allocators) }).optional(),
  limit: z.number().int().nonnegative().optional(),
  epochs: z.number().int().positive().default(1),
  seed: z.number().int().default(0),
  concurrency: z.number().int().positive().optional(),
  settings: settingsSchema.default({}),
  budget: z
    .object({
      tokens: z.number().positive().optional(),
      calls: z.number().positive().optional(),
      seconds: z.number().positive().optional(),
      cost: z.number().positive().optional(),
    })
    .default({}),
  useCache: z.boolean().default(false),
  keepGoing: z.boolean().default(false),
  comparison: comparisonSchema.optional(),
  /** Path of the endpoints' configuration file, where one was named. */
  configFile: z.string().optional(),
  /** The command as it was typed, for people. */
  command: z.string().optional(),
});

export type RunConfig = z.output<typeof runConfigSchema>;
export type RunConfigInput = z.input<typeof runConfigSchema>;
