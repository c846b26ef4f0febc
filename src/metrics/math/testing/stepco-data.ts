import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

/** Data of the StepCo specification beside the checkout; tests that need it are skipped where it is not. */
const folder = fileURLToPath(new URL('../../../../../shared/data/stepco/', import.meta.url));
export const present = existsSync(`${folder}golden/golden-scores.json`);

export function readText(file: string): string {
  const bytes = readFileSync(`${folder}${file}`);
  return (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
}

export const readJson = <T>(file: string): T => JSON.parse(readText(file)) as T;

export const readLines = <T>(file: string): T[] =>
  readText(file)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T);

interface Released {
  readonly file: string;
  readonly stepco_rule?: { readonly per_item: string };
  readonly stepco_rule_on_pred_before?: { readonly per_item: string };
}

export interface Golden {
  readonly normalise_made_up: readonly { readonly in: string; readonly value?: number; readonly error?: string }[];
  readonly compare_rule_made_up: readonly { readonly gold: number; readonly pred: number; readonly right: boolean }[];
  readonly released_outputs_scored: Readonly<Record<string, Released>>;
  readonly gold_answer_normalisation: Readonly<
    Record<
      string,
      {
        readonly n: number;
        readonly uncomputable: number;
        readonly zero_values: number;
        readonly first_uncomputable: readonly [number, string, string][];
      }
    >
  >;
  readonly scorer_ceiling: Readonly<Record<string, { readonly per_item: string }>>;
  readonly math_grading: {
    readonly grade_answer_made_up: readonly {
      readonly given: string | null;
      readonly truth: string;
      readonly grade: boolean;
    }[];
    readonly qwen_math_cot_100: {
      readonly 'maj@k': Readonly<Record<string, number>>;
      readonly 'rm@k': Readonly<Record<string, number>>;
      readonly 'mean@8': number;
      readonly prm800k_verdicts_per_problem: readonly (string | null)[];
    };
  };
}

export const golden = (): Golden => readJson<Golden>('golden/golden-scores.json');

export interface QwenRow {
  readonly gt: string;
  readonly code: readonly string[];
  readonly pred: readonly string[];
  readonly score: readonly boolean[];
  readonly pred_score: readonly number[];
}
/** The rewards of the file stand in lists of one. */
export const qwenRows = (): QwenRow[] =>
  readLines<QwenRow & { pred_score: number[][] }>('model-outputs/qwen2.5-math/math-cot-100.jsonl.gz').map((row) => ({
    ...row,
    pred_score: row.pred_score.flat(),
  }));

const prpSets = {
  AddSub: 'addsub.json',
  GSM8K: 'gsm8k.json.gz',
  SVAMP: 'svamp.json.gz',
  'GSM-IC2': 'gsm-ic2.json.gz',
  'GSM-ICM': 'gsm-icm.json.gz',
  MultiArith: 'multiarith.json',
  SingleEq: 'singleeq.json',
  SingleOp: 'singleop.json',
} as const;

export const prpGolds = (): Map<string, (string | number)[]> =>
  new Map(
    Object.entries(prpSets).map(([name, file]) => [
      name,
      readJson<{ gold_answer: string | number }[]>(`test-sets/prp/${file}`).map((row) => row.gold_answer),
    ]),
  );

export const i3cGolds = (): Map<string, (string | number)[]> =>
  new Map(
    ['addsub.json', 'gsm8k.json.gz', 'multiarith.json.gz', 'singleeq.json', 'singleop.json', 'svamp.json.gz'].map(
      (file) => [
        file,
        readJson<{ gold_answer: string | number }[]>(`test-sets/i3c/${file}`).map((row) => row.gold_answer),
      ],
    ),
  );

/** Id and answer of each problem of ASDiv. */
export const asdiv = (): [id: string, answer: string][] =>
  [...readText('test-sets/asdiv/asdiv.xml.gz').matchAll(/<Problem ID="([^"]*)"[\s\S]*?<Answer>([^<]*)</g)].map(
    (match) => [match[1] as string, match[2] as string],
  );

export const math500 = (): string[] =>
  readLines<{ answer: string }>('test-sets/math500/test.jsonl.gz').map((row) => row.answer);

export const aqua = (part: 'test' | 'dev'): { options: string[]; correct: string }[] =>
  readLines<{ options: string[]; correct: string }>(`test-sets/aqua/${part}.jsonl`);
