import { type Benchmark, type BenchmarkOptions, type OpenedBenchmark, usageError } from '../../core/index.ts';
import { checkShopping } from './check.ts';
import { loadQuestions } from './data/load.ts';
import { shoppingFigures } from './figures.ts';
import { readOptions } from './options.ts';
import { shoppingSource } from './source.ts';
import { tasksOf } from './tasks.ts';
import { isMode, modes } from './vocabulary.ts';

/**
 * Shopping MMLU (Jin et al., NeurIPS 2024 Datasets and Benchmarks, arXiv 2410.20745): online shopping in four skills,
 * five types of task and nine metrics. The tasks are those that the data names.
 */
export const shoppingMmlu: Benchmark = {
  name: 'shopping-mmlu',
  title: 'Shopping MMLU',
  description: 'Online shopping: concepts, reasoning, customer behaviour and languages, 57 tasks in the full set.',
  modes,
  groupBy: 'skill',
  defaultModels: { embedder: 'onnx:all-MiniLM-L6-v2' },
  breakdowns: ['skill', 'type', 'metric', 'language'],
  source: shoppingSource,
  open,
  figures: shoppingFigures,
  check: checkShopping,
};

async function open({ data, mode, options, signal }: BenchmarkOptions): Promise<OpenedBenchmark> {
  if (!isMode(mode)) {
    throw usageError(`Shopping MMLU has no mode "${mode}".`, { where: '--mode', hint: `Modes: ${modes.join(', ')}.` });
  }
  const chosen = readOptions(options);
  if (data === undefined) {
    throw usageError('The data of Shopping MMLU is not here yet.', {
      code: 'data-missing',
      where: '--data',
      hint: 'Fetch it with `fettle data pull shopping-mmlu`, or try the demonstration set with `--data demo`.',
    });
  }
  const loaded = await loadQuestions(data, { layout: chosen.layout, faults: chosen.faults, signal });
  const tasks = tasksOf(loaded.questions, mode, chosen);
  const mixed = tasks.filter((task) => task.labels?.['metric']?.includes(' + ') === true);
  return {
    tasks,
    dataHash: loaded.dataHash,
    location: data === 'demo' ? 'demonstration set' : loaded.location,
    notes: [
      ...(data === 'demo'
        ? ['The demonstration set is written for Fettle; its figures say nothing about Shopping MMLU.']
        : []),
      ...loaded.notes,
      ...mixed.map(
        (task) => `task ${task.name} mixes metrics, which are averaged together: ${task.labels?.['metric']}`,
      ),
    ],
  };
}
