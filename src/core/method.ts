import type { z } from 'zod';
import type { JsonObject, JsonValue } from './json.ts';
import type { GenerationSettings, Model, ModelRole } from './model.ts';
import type { Random } from './random.ts';
import type { Sample } from './sample.ts';

/** What a method ends with. `text` is what the scorers read. */
export interface Answer {
  readonly text: string;
  /** Set where the method knows more than the text: chosen option, votes, probabilities. */
  readonly metadata?: JsonObject;
}

/** One step that a method chose to show: typed, drawn by the viewer, never read back by the method. */
export interface TraceStep {
  readonly type: string;
  readonly [field: string]: JsonValue | undefined;
}

/** What a method that revises would have answered after one round; comparisons of methods grade each. */
export interface RoundStep extends TraceStep {
  readonly type: 'round';
  /** 0 is the first attempt. */
  readonly round: number;
  /** What the scorers would read, had the method ended here. */
  readonly text: string;
  readonly answer: string | null;
}

/** One of several paths to an answer that a method chooses from, in the order of the choice's ties. */
export interface PathStep extends TraceStep {
  readonly type: 'path';
  /** From 0. */
  readonly path: number;
  readonly text: string;
  readonly answer: string | null;
  /** Where paths are scored; greater is better. */
  readonly score?: number;
}

export interface MethodContext {
  /** Models by role. Every call passes the journal. */
  readonly models: { readonly main: Model } & { readonly [role in Exclude<ModelRole, 'main'>]?: Model };
  /** Seeded by run, sample and epoch; the only source of chance. */
  readonly random: Random;
  /** Settings for the main model: the caller's over the sample's over the task's. Holds the epoch's seed. */
  readonly settings: GenerationSettings;
  /** The comparable answer within a reply as the task's first scorer reads it, null where it finds none. */
  readonly extract: (text: string) => string | null;
  readonly trace: (step: TraceStep) => void;
  readonly signal: AbortSignal;
}

/** A way from a sample to an answer. Deterministic given the same model replies. */
export interface Method {
  readonly name: string;
  /** The options it was made with, for the run's record. */
  readonly options: JsonObject;
  /** Roles besides main that it cannot do without, given its options; where absent, those of its definition. */
  readonly roles?: readonly ModelRole[];
  solve(sample: Sample, context: MethodContext): Promise<Answer>;
}

/** A method in the registry: how it is named, what options it has, how it is made. */
export interface MethodDefinition<Schema extends z.ZodObject = z.ZodObject> {
  readonly name: string;
  readonly description: string;
  /** Roles besides main that it cannot do without. */
  readonly roles?: readonly ModelRole[];
  /** Options with defaults; each described. Values arrive as strings from the command line: use z.coerce. */
  readonly options: Schema;
  create(options: z.output<Schema>): Method;
}

/** Gives a method definition its type: options stay typed inside, the registry sees them all alike. */
export function defineMethod<Schema extends z.ZodObject>(definition: MethodDefinition<Schema>): MethodDefinition {
  // Safe: `create` is only ever called with what this definition's own schema returned.
  return definition as unknown as MethodDefinition;
}
