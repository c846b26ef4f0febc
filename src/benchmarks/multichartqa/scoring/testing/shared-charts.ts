import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import type { SampleResult, Score } from '../../../../core/index.ts';
import type { Normalized } from '../../../../metrics/mmmu/index.ts';
import { scorerName } from '../scorer-name.ts';
import { type ChartTarget, chartTarget } from '../target.ts';

/** Questions, replies and reference scores, which lie beside the repository where they are available. */
export const chartsFolder = fileURLToPath(new URL('../../../../../../shared/data/multichartqa', import.meta.url));

export const hasCharts = existsSync(chartsFolder);

export interface SharedQuestion {
  readonly id: string;
  readonly target: ChartTarget;
}

export interface SharedReply {
  readonly id: string;
  readonly reply: string;
  readonly judge_is_correct: boolean;
}

type GoldenValue = { readonly t: 'float'; readonly v: number | string } | { readonly t: 'str'; readonly v: string };

interface GoldenRun {
  readonly samples: readonly {
    readonly group: string;
    readonly q: number;
    readonly score: number;
    readonly random_fallback?: boolean;
    readonly output?: string;
  }[];
  readonly reference_aggregate: {
    readonly overall_percent: number;
    readonly per_subtype_percent: Readonly<Record<string, number>>;
  };
  readonly derived: {
    readonly per_category_percent: Readonly<Record<string, number>>;
    readonly random_fallback_count: number;
  };
}

export interface GoldenCharts {
  readonly unit: {
    readonly normalize_str: readonly { readonly in: string; readonly out: readonly (number | string)[] }[];
    readonly extract_numbers: readonly { readonly in: string; readonly out: readonly string[] }[];
    readonly parse_open_response: readonly { readonly in: string; readonly out: readonly GoldenValue[] }[];
    readonly parse_multi_choice_response: readonly { readonly in: string; readonly out: string | null }[];
    readonly relaxed_correctness: readonly {
      readonly target: string;
      readonly prediction: string;
      readonly out: boolean;
    }[];
    readonly open_question_scores: readonly {
      readonly gold: string;
      readonly response: string;
      readonly parsed: readonly GoldenValue[];
      readonly whole_string_score: number;
      readonly score: number;
    }[];
    readonly choice_question_scores: readonly {
      readonly gold: string;
      readonly response: string;
      readonly score: number | null;
    }[];
  };
  readonly grid: readonly {
    readonly group: string;
    readonly q: number;
    readonly type: string;
    readonly output: string;
    readonly parsed: readonly GoldenValue[] | string | null;
    readonly score: number | null;
  }[];
  readonly runs: Readonly<Record<'gpt-4o-mini' | 'synthetic', GoldenRun>>;
  readonly robustness: {
    readonly groups: readonly string[];
    readonly questions_counted: number;
    readonly overall_percent: number;
  };
}

function rowsOf<Row>(text: string): Row[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Row);
}

export function readQuestions(): SharedQuestion[] {
  type Row = ChartTarget & { readonly id: string };
  return rowsOf<Row>(readFileSync(`${chartsFolder}/multichartqa.jsonl`, 'utf8')).map(({ id, ...row }) => ({
    id,
    target: chartTarget({ ...row }),
  }));
}

export function readSharedReplies(): SharedReply[] {
  return rowsOf(gunzipSync(readFileSync(`${chartsFolder}/replies/gpt-4o-mini.jsonl.gz`)).toString('utf8'));
}

export function readGoldenCharts(): GoldenCharts {
  return JSON.parse(readFileSync(`${chartsFolder}/golden/golden-scores.json`, 'utf8')) as GoldenCharts;
}

/** Values as the vectors write them, in an order of its own: the released scorer keeps them in a set. */
export function comparable(values: readonly Normalized[]): string[] {
  return values.map((value) => `${typeof value} ${Object.is(value, -0) ? '-0' : value}`).toSorted();
}

export function goldenComparable(values: readonly GoldenValue[]): string[] {
  return values
    .map(({ t, v }) => (t === 'str' ? `string ${v}` : `number ${Object.is(v, -0) ? '-0' : Number(v)}`))
    .toSorted();
}

/** A result as a run stores it, as far as `settleReference` reads it. */
export function resultOf(question: SharedQuestion, index: number, score: Score | undefined): SampleResult {
  return {
    task: question.target.task,
    sampleId: question.id,
    epoch: 1,
    index,
    status: score === undefined ? 'failed' : 'completed',
    input: [],
    target: { ...question.target },
    labels: {},
    answer: null,
    scores: score === undefined ? {} : { [scorerName]: score },
    usage: { inputTokens: 0, outputTokens: 0, calls: 0, wastedCalls: 0, replayedCalls: 0 },
    trace: [],
    startedAt: 0,
    durationMs: 0,
  };
}
