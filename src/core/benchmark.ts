import type { SampleResult } from './result.ts';
import type { Score } from './scorer.ts';
import type { Task } from './task.ts';

export interface BenchmarkOptions {
  /** Folder, archive or file, as `--data` gives it; undefined for what ships or was pulled. */
  readonly data?: string | undefined;
  /** One of the benchmark's modes. */
  readonly mode: string;
  /** Names of tasks to keep. */
  readonly tasks?: readonly string[] | undefined;
  /** Samples that are asked for: of each task, except where the opened benchmark says that it has kept to it itself. */
  readonly limit?: number | undefined;
  /** Further options of this benchmark, `--option name=value`. */
  readonly options: Readonly<Record<string, string>>;
  /** True where replies exist already: what only a model needs is not looked for. */
  readonly repliesOnly?: boolean | undefined;
  /** The file of replies that are scored: some hold the questions too, and are the data where none is named. */
  readonly replies?: string | undefined;
  /** Told of what a reader should know while samples are read: slow work, data that is changed on its way. */
  readonly onNote?: ((text: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What a benchmark's table is made from: one task's outcome. */
export interface TaskFigure {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Samples in the denominator. */
  readonly n: number;
  /** Null where there is no figure; `error` or `reason` says why. */
  readonly score: number | null;
  readonly error?: string;
  readonly reason?: string;
  /** Replies of the task's samples, where the figure depends on them (reference crashes). */
  readonly replies?: readonly string[];
}

export interface GroupFigure {
  readonly score: number | null;
  readonly error?: string;
  readonly reason?: string;
}

export interface BenchmarkFigures {
  readonly groups: Readonly<Record<string, GroupFigure>>;
  readonly overall: GroupFigure;
}

/** A verdict that replaces one made from its reply alone. */
export interface SettledScore {
  readonly task: string;
  readonly sampleId: string;
  readonly epoch: number;
  /** Name of the scorer whose score is replaced. */
  readonly scorer: string;
  /** Counts for a failed sample too. */
  readonly score: Score;
}

/**
 * Judges what a reply alone does not decide: draws from one random stream, groups that count as a whole.
 * Reads all results in the order of index and epoch, keeping only what it needs, and gives the scores that change.
 * Called again when a run is resumed, over results that hold what it gave before: it has to come to the same then.
 */
export type Settle = (results: AsyncIterable<SampleResult>) => Promise<readonly SettledScore[]>;

export interface OpenedBenchmark {
  readonly tasks: readonly Task[];
  /** True where `limit` counts the questions of all tasks together and the tasks hold no more than that. */
  readonly limited?: boolean;
  /** Called when all replies are scored, before figures are made. */
  readonly settle?: Settle;
  /** sha256 over the files that were read, in a stated order. */
  readonly dataHash: string;
  /** Where the data lies, for people. */
  readonly location: string;
  /** What a reader should know of the data: skipped rows, repaired cells. */
  readonly notes?: readonly string[];
}

/** Replies that exist already, read from the form in which a benchmark's released code leaves them. */
export interface BenchmarkReplies {
  /** By sample id. */
  readonly byId: ReadonlyMap<string, string>;
  /** What a reader should know: files that hold no reply. */
  readonly notes: readonly string[];
}

/** One fault of a data folder. */
export interface DataFault {
  readonly file: string;
  /** From 1; absent where the whole file is meant. */
  readonly line?: number;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly hint?: string;
}

/** Where a data set is fetched from. */
export interface DataSource {
  readonly title: string;
  readonly license: string;
  /** `sha256` pins the content; `base` of an address can be replaced (mirrors, tests). */
  readonly files: readonly {
    readonly url: string;
    readonly sha256?: string;
    readonly path: string;
    readonly bytes?: number;
    readonly extract?: boolean;
  }[];
}

/** A set of tasks with a table. */
export interface Benchmark {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** The first is the default. */
  readonly modes: readonly string[];
  /** The label that the table's groups are made of: `skill`. */
  readonly groupBy?: string;
  /** Labels of samples that get a breakdown: `['skill', 'type', 'language']`. */
  readonly breakdowns?: readonly string[];
  /** What a breakdown's mean weighs alike: tasks (where absent) or samples. */
  readonly breakdownMean?: 'tasks' | 'samples';
  /** Models for further roles where the caller names none; done without where they cannot be had. */
  readonly defaultModels?: { readonly embedder?: string };
  readonly source?: DataSource;
  open(options: BenchmarkOptions): Promise<OpenedBenchmark>;
  /** The table's lower lines. The unweighted mean over tasks where absent. */
  figures?(tasks: readonly TaskFigure[], mode: string): BenchmarkFigures;
  check?(data: string): AsyncIterable<DataFault>;
  /** Reads replies that are more than rows of a file. Undefined where `path` is a file of rows. */
  readReplies?(path: string): Promise<BenchmarkReplies | undefined>;
}
