/** Task types, as the data writes them. */
export const taskTypes = ['multiple-choice', 'retrieval', 'ranking', 'named_entity_recognition', 'generation'] as const;

export type TaskType = (typeof taskTypes)[number];

/** Metric ids, as the data writes them, with the type of task that each belongs to. */
export const metricTypes = {
  accuracy: 'multiple-choice',
  'hit rate@3': 'retrieval',
  ndcg: 'ranking',
  'micro f1': 'named_entity_recognition',
  rougel: 'generation',
  bleu: 'generation',
  'jp-bleu': 'generation',
  'sent-transformer': 'generation',
  'multilingual-sent-transformer': 'generation',
} as const satisfies Record<string, TaskType>;

export type Metric = keyof typeof metricTypes;

export const metrics = Object.keys(metricTypes) as readonly Metric[];

export const isTaskType = (value: unknown): value is TaskType => taskTypes.some((type) => type === value);

export const isMetric = (value: unknown): value is Metric =>
  typeof value === 'string' && Object.hasOwn(metricTypes, value);

/** Encoder of each similarity metric, as sentence-transformers names it. */
export const encoders = {
  'sent-transformer': 'all-MiniLM-L6-v2',
  'multilingual-sent-transformer': 'paraphrase-multilingual-MiniLM-L12-v2',
} as const satisfies Partial<Record<Metric, string>>;

/** How answers are scored: our reading, and the three scorers that the authors and the KDD Cup released. */
export const modes = ['strict', 'reference', 'reference-task', 'reference-kdd'] as const;

export type Mode = (typeof modes)[number];

export const isMode = (value: string): value is Mode => modes.some((mode) => mode === value);

/** The three ways in which the rows were released. */
export const layouts = ['skill', 'kdd', 'task'] as const;

export type Layout = (typeof layouts)[number];
