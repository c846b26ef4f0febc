import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { JsonValue } from '../../../core/index.ts';

/** Real rows and reference scores, which lie beside the repository where they are available. */
export const sharedFolder = fileURLToPath(new URL('../../../../../shared/data/shopping-mmlu', import.meta.url));

export const hasSharedData = existsSync(sharedFolder);

interface Verdict {
  readonly score?: number | 'nan' | readonly [tp: number, fp: number, fn: number];
  readonly error?: string;
  readonly parsed?: JsonValue;
}

export interface GoldenSample {
  readonly row: number;
  readonly task_type: string;
  readonly metric: string;
  readonly gold: JsonValue;
  readonly shape: string;
  readonly output: string;
  readonly skill_eval: Verdict;
  readonly kdd: Verdict;
}

interface GoldenTable {
  readonly tracks: Readonly<
    Record<
      string,
      {
        readonly per_task?: readonly { readonly task_name: string; readonly score: number }[];
        readonly track_score?: number;
        readonly error?: string;
      }
    >
  >;
  readonly mean_of_four_tracks: number | null;
}

export interface Golden {
  readonly samples: readonly GoldenSample[];
  readonly made_up_golds: readonly GoldenSample[];
  readonly micro_f1_aggregation: readonly {
    readonly tp_fp_fn: readonly (readonly [number, number, number])[];
    readonly skill_eval: Verdict;
    readonly kdd: Verdict;
  }[];
  readonly runs: Readonly<
    Record<
      string,
      { readonly samples: readonly GoldenSample[]; readonly skill_eval: GoldenTable; readonly kdd: GoldenTable }
    >
  >;
  readonly task_wise_runs: {
    readonly runs: readonly {
      readonly test_subject: string;
      readonly args: readonly string[];
      readonly replies: readonly string[];
      readonly reported_score_4dp: string;
      readonly max_new_tokens: readonly number[];
    }[];
  };
  readonly embeddings: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>;
}

export function readGolden(): Golden {
  return JSON.parse(readFileSync(`${sharedFolder}/golden/golden-scores.json`, 'utf8')) as Golden;
}
