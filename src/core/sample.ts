import type { JsonObject, JsonValue } from './json.ts';
import type { Message } from './message.ts';
import type { GenerationSettings } from './model.ts';

/** One question of a data set, with what is known about its answer. */
export interface Sample {
  /** Unique within its task. */
  readonly id: string;
  readonly input: readonly Message[];
  /** What the scorers compare with; its shape belongs to the task. Of an object people are shown its text `answer`. */
  readonly target: JsonValue;
  /** The options as a model would write them, for log-likelihood scoring (`"0"`, `"A"`, `"yes"`). */
  readonly choices?: readonly string[];
  /** The cluster for statistics: one chart set, one profile. */
  readonly group?: string;
  /** Names that figures are broken down by: `{ skill: 'concept', language: 'de' }`. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Settings that this sample needs, below what the caller of the run asks for. */
  readonly generation?: GenerationSettings;
  /** Place in the data as it lies, from 0, where tasks split the data otherwise: replies without ids are joined by it. */
  readonly position?: number;
  readonly metadata?: JsonObject;
}
