import type { JsonObject, JsonValue, RunRecord, RunState } from '../../../core/index.ts';
import type { Figure, Summary } from '../../summary.ts';
import { inspectError } from './sample.ts';
import { inspectModel, isoTime } from './times.ts';
import { inspectUsage } from './usage.ts';

const statuses: Readonly<Record<RunState, string>> = {
  running: 'started',
  completed: 'success',
  interrupted: 'cancelled',
  failed: 'error',
};

/** What stands at the start of a log: version, eval and plan. */
export function inspectStart(
  run: RunRecord,
  summary: Summary,
): { version: number; eval: JsonObject; plan: JsonObject } {
  const tasks = Object.values(summary.tasks);
  const epochs = Math.max(1, ...tasks.map((task) => task.epochs ?? 1));
  const { details } = summary;
  return {
    version: 2,
    eval: {
      eval_id: run.id,
      run_id: run.id,
      created: isoTime(run.createdAt),
      task: run.benchmark,
      task_id: run.id,
      task_version: 0,
      task_attribs: {},
      task_args: { mode: run.mode },
      task_args_passed: {},
      dataset: { name: run.benchmark, samples: summary.overallDetail.n },
      model: inspectModel(mainModel(summary)),
      model_generate_config: {},
      model_args: {},
      config: { epochs },
      packages: {},
      scorers: [...new Set(tasks.map((task) => task.metric))].map((name) => ({ name })),
      metadata: {
        tool: 'fettle',
        mode: run.mode,
        hashes: run.hashes,
        models: summary.models,
        method: details?.method,
        seed: details?.seed,
        notes: summary.notes,
      },
    },
    plan: { name: 'plan', steps: [{ solver: details?.method ?? 'direct', params: {}, params_passed: {} }], config: {} },
  };
}

/** The header of a whole log: the start, and what came of it. */
export function inspectHeader(
  run: RunRecord,
  summary: Summary,
  written: { readonly results: number; readonly sampleIds: readonly string[] },
): JsonObject {
  const { version, eval: spec, plan } = inspectStart(run, summary);
  // Inspect's reader of samples one by one goes by this list.
  const dataset = { name: run.benchmark, samples: written.sampleIds.length, sample_ids: written.sampleIds };
  return {
    version,
    status: statuses[run.state],
    eval: { ...spec, dataset },
    plan,
    results: {
      total_samples: run.total ?? written.results,
      completed_samples: run.completed,
      scores: scoresOf(summary),
    },
    stats: {
      started_at: isoTime(run.createdAt),
      completed_at: isoTime(run.updatedAt),
      model_usage: summary.usage ? { [inspectModel(mainModel(summary))]: inspectUsage(summary.usage) } : {},
      role_usage: {},
      connection_limit_history: [],
    },
    error: run.error && inspectError(run.error.message, run.error.hint),
    invalidated: false,
    tags: [],
    metadata: {},
  };
}

export const mainModel = (summary: Summary): string => summary.models?.['main'] ?? 'none/none';

/** One entry for the whole, with its groups as metrics, and one for each task. Figures that do not exist are absent. */
function scoresOf(summary: Summary): JsonValue {
  const overall = {
    name: 'overall',
    scorer: 'overall',
    params: {},
    metrics: {
      ...metricsOf('mean', summary.overallDetail),
      ...Object.fromEntries(
        Object.entries(summary.groups).flatMap(([name, score]) =>
          score === null ? [] : [[name, { name, value: score, params: {}, group: summary.groupBy }]],
        ),
      ),
    },
    scored_samples: summary.overallDetail.n,
    unscored_samples: summary.overallDetail.excluded.count,
  };
  const tasks = Object.entries(summary.tasks).map(([name, task]) => ({
    name,
    scorer: task.metric,
    params: {},
    metrics: metricsOf(task.metric, task),
    scored_samples: task.n,
    unscored_samples: task.excluded.count,
    metadata: { labels: task.labels, reason: task.reason, error: task.error },
  }));
  return [overall, ...tasks];
}

function metricsOf(name: string, figure: Figure): JsonObject {
  const values: [string, number | null | undefined][] = [
    [name, figure.score],
    ['ci95_low', figure.interval?.[0]],
    ['ci95_high', figure.interval?.[1]],
    ['unparsed', figure.unparsed.rate],
    ['failed', figure.failed.rate],
  ];
  return Object.fromEntries(
    values
      .filter((entry): entry is [string, number] => typeof entry[1] === 'number')
      .map(([key, value]) => [key, { name: key, value, params: {} }]),
  );
}
