import { existsSync } from 'node:fs';
import { type Benchmark, type BenchmarkOptions, type OpenedBenchmark, type Task, usageError } from '../core/index.ts';
import { loadBenchmark } from '../benchmarks/index.ts';
import { dataFolder } from '../data/index.ts';
import { fileBenchmark } from '../benchmarks/own/file-benchmark.ts';
import { moduleBenchmark } from '../benchmarks/own/module-benchmark.ts';
import type { EvaluationTarget, RunConfig } from './run-config.ts';
import { servedBenchmark } from './serving/served-benchmark.ts';

export interface Evaluation {
  readonly benchmark: Benchmark;
  readonly mode: string;
  readonly opened: OpenedBenchmark;
}

async function benchmarkOf(target: EvaluationTarget): Promise<Benchmark> {
  switch (target.kind) {
    case 'benchmark':
      return loadBenchmark(target.name);
    case 'module':
      return moduleBenchmark(target.path);
    case 'file':
      return fileBenchmark(target);
    case 'served':
      return servedBenchmark(target);
  }
}

/** What was named, else what `fettle data pull` has fetched. */
function dataOf(config: Pick<RunConfig, 'target' | 'data'>): string | undefined {
  if (config.data !== undefined || config.target.kind !== 'benchmark') return config.data;
  const pulled = dataFolder(config.target.name);
  return existsSync(pulled) ? pulled : undefined;
}

/** Keeps the tasks that were asked for, in the benchmark's order. */
function selectTasks(tasks: readonly Task[], wanted: readonly string[] | undefined): readonly Task[] {
  if (wanted === undefined) return tasks;
  const names = new Set(tasks.map((task) => task.name));
  const unknown = wanted.filter((name) => !names.has(name));
  if (unknown.length > 0) {
    throw usageError(`There is no task ${unknown.map((name) => `"${name}"`).join(', ')}.`, {
      where: '--tasks',
      hint: `Tasks: ${[...names].slice(0, 60).join(', ')}${names.size > 60 ? ', …' : ''}.`,
    });
  }
  return tasks.filter((task) => wanted.includes(task.name));
}

/** Finds the benchmark that a configuration means and reads its tasks. */
export async function openEvaluation(
  config: Pick<RunConfig, 'target' | 'mode' | 'data' | 'tasks' | 'options'> & Partial<Pick<RunConfig, 'limit'>>,
  hooks: Pick<BenchmarkOptions, 'repliesOnly' | 'replies' | 'onNote' | 'signal'> = {},
): Promise<Evaluation> {
  const benchmark = await benchmarkOf(config.target);
  const mode = config.mode ?? benchmark.modes[0] ?? 'strict';
  if (!benchmark.modes.includes(mode)) {
    throw usageError(`The benchmark "${benchmark.name}" has no mode "${mode}".`, {
      where: '--mode',
      hint: `Modes: ${benchmark.modes.join(', ')}.`,
    });
  }
  const { tasks, limit, options } = config;
  const opened = await benchmark.open({ ...hooks, data: dataOf(config), mode, tasks, limit, options });
  return { benchmark, mode, opened: { ...opened, tasks: selectTasks(opened.tasks, config.tasks) } };
}
