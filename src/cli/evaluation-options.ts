import type { FieldOptions } from './target.ts';
import type { Gate } from './gates.ts';

/** What commander makes of the options of `run`. */
export interface EvaluationOptions extends FieldOptions {
  readonly model: string;
  readonly judge?: string;
  readonly verifier?: string;
  readonly embedder?: string;
  readonly data?: string;
  readonly tasks?: string[];
  readonly mode?: string;
  readonly option?: Record<string, string>;
  readonly prompt?: string;
  readonly method?: string;
  readonly tiles?: number;
  readonly tileSide?: number;
  readonly allocator?: string;
  readonly limit?: number;
  readonly epochs?: number;
  readonly seed?: number;
  readonly concurrency?: number;
  readonly maxTokens?: number;
  readonly temperature?: number;
  readonly topP?: number;
  readonly topK?: number;
  readonly stop?: string[];
  readonly budget?: { tokens?: number; calls?: number; seconds?: number; cost?: number };
  readonly cache?: boolean;
  readonly keepGoing?: boolean;
  readonly failUnder?: Gate[];
  readonly out?: string;
}
