import {
  type Benchmark,
  type BenchmarkOptions,
  type BenchmarkReplies,
  type DataFault,
  type DataSource,
  type OpenedBenchmark,
  type Task,
  usageError,
} from '../../core/index.ts';
import { openRows } from '../../data/index.ts';
import { oneOf, refuseUnknownOptions } from '../option-values.ts';
import { loadCases } from './data/load.ts';
import { type CaseForm, formOfCase, readCase } from './data/read-case.ts';
import type { StepCase } from './data/step-case.ts';
import { asks, promptOf } from './prompts.ts';
import { settleFailed } from './settle-failed.ts';
import { harmonicMean, type StepMode, stepScorers } from './scorers.ts';

const modes = ['strict', 'reference'] as const satisfies readonly StepMode[];

const processBenchSource: DataSource = {
  title: 'ProcessBench, Qwen/ProcessBench on the Hugging Face hub',
  license: 'Apache-2.0',
  files: ['gsm8k', 'math', 'olympiadbench', 'omnimath'].map((part) => ({
    url: `https://huggingface.co/datasets/Qwen/ProcessBench/resolve/main/${part}.json`,
    path: `${part}.json`,
  })),
};

/** EIC (Li et al., Findings of ACL 2024, arXiv 2406.00755): one planted error in each solution, nine kinds of error. */
export const eic: Benchmark = stepBenchmark('eic', {
  name: 'eic',
  title: 'EIC',
  description: 'Find the one planted error in a solution of GSM8K or MathQA, by kind of error; or put it right.',
});

/** ProcessBench (Zheng et al., ACL 2025, arXiv 2412.06559): the earliest wrong step of solutions by many models. */
export const processbench: Benchmark = stepBenchmark('processbench', {
  name: 'processbench',
  title: 'ProcessBench',
  description: 'Find the earliest wrong step in solutions of models, or say that all are right; F1 of both accuracies.',
  source: processBenchSource,
});

function stepBenchmark(form: CaseForm, words: Pick<Benchmark, 'name' | 'title' | 'description' | 'source'>): Benchmark {
  return {
    ...words,
    modes,
    breakdowns: form === 'eic' ? ['source', 'error', 'step'] : ['source', 'solution', 'generator'],
    breakdownMean: 'samples',
    groupBy: 'source',
    open: (options) => open(options, form, words.title),
    check: (data) => check(data, form),
    ...(form === 'eic' && { readReplies: readResults }),
  };
}

async function open(given: BenchmarkOptions, form: CaseForm, title: string): Promise<OpenedBenchmark> {
  const mode = modes.find((one) => one === given.mode);
  if (mode === undefined) {
    throw usageError(`${title} has no mode "${given.mode}".`, { where: '--mode', hint: `Modes: ${modes.join(', ')}.` });
  }
  const ask = readAsk(given.options, form);
  const data =
    given.data ?? (given.replies !== undefined && (await holdsCases(given.replies, form)) ? given.replies : undefined);
  if (data === undefined) {
    throw usageError(`${title} has to be given as data.`, {
      code: 'data-missing',
      where: '--data',
      hint:
        form === 'eic'
          ? 'Its repository (LittleCirc1e/EIC) states no licence: get its generated cases yourself and give the folder or a file with --data. Its files of results hold their cases and need none.'
          : 'Fetch it with `fettle data pull processbench`, or give its folder or a file with --data.',
    });
  }
  const { cases, ...loaded } = await loadCases(data, form, { signal: given.signal });
  const byId = new Map(cases.map((one) => [one.id, one]));
  const base = form === 'processbench' && mode === 'reference' ? 0 : 1;
  const scorers = stepScorers(byId, { mode, correct: ask === 'correct', base });
  const positions = new Map(cases.map((one, i) => [one, i]));
  const tasks = [...Map.groupBy(cases, ({ task }) => task)].map(([name, members]): Task => ({
    name,
    size: members.length,
    *samples() {
      for (const one of members) yield sampleOf(one, positions.get(one) ?? 0, promptOf(one, ask));
    },
    scorers,
    ...(form === 'processbench' && { aggregate: harmonicMean }),
    generation: { temperature: 0, maxTokens: 1024 },
    labels: { source: members[0]?.labels['source'] ?? 'cases', metric: form === 'eic' ? 'accuracy' : 'F1' },
  }));
  return { tasks, ...loaded, ...(form === 'processbench' && { settle: settleFailed(byId) }) };
}

function sampleOf(one: StepCase, position: number, input: ReturnType<typeof promptOf>) {
  return {
    id: one.id,
    input,
    target: one.wrongStep ?? 'none',
    // Errors planted into one problem are a cluster.
    group: one.question,
    labels: one.labels,
    position,
    metadata: { question: one.question, steps: [...one.steps], file: one.file, line: one.line },
  };
}

function readAsk(options: Readonly<Record<string, string>>, form: CaseForm): (typeof asks)[number] {
  refuseUnknownOptions(options, form === 'eic' ? ['ask'] : []);
  return oneOf('ask', options['ask'] ?? 'locate', asks);
}

async function firstRow(path: string) {
  for await (const { value } of openRows(path, { onFault: () => undefined })) {
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, never>) : {};
  }
  return {};
}

async function holdsCases(path: string, form: CaseForm): Promise<boolean> {
  return formOfCase(await firstRow(path)) === form;
}

/**
 * The released results of EIC, which repeat the case and add what the model said: each becomes a reply to its case.
 * Undefined for other files.
 */
async function readResults(path: string): Promise<BenchmarkReplies | undefined> {
  const first = await firstRow(path);
  if (formOfCase(first) !== 'eic' || !('is_correct' in first)) return undefined;
  const byId = new Map<string, string>();
  const seen = new Map<string, number>();
  for await (const { value, line } of openRows(path)) {
    const row = typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
    const content = readCase('eic', row as Parameters<typeof readCase>[1]);
    if ('message' in content) {
      throw usageError(`${path}:${line}: ${content.message}`, { where: `${path}:${line}` });
    }
    const count = (seen.get(content.key) ?? 0) + 1;
    seen.set(content.key, count);
    const said = row as Record<string, unknown>;
    const fields = ['is_correct', 'pred_wrong_step', 'corrected_answer'].filter((name) => said[name] !== undefined);
    const reply = JSON.stringify(Object.fromEntries(fields.map((name) => [name, said[name]])));
    byId.set(count === 1 ? content.key : `${content.key}-${count}`, reply);
  }
  return { byId, notes: [] };
}

async function* check(data: string, form: CaseForm): AsyncGenerator<DataFault> {
  const faults: DataFault[] = [];
  const { cases, notes, location } = await loadCases(data, form, { onFault: (fault) => faults.push(fault) });
  yield* faults;
  for (const note of notes) yield { file: location, severity: 'warning', message: note };
  for (const { file, line, wrongStep, steps } of cases) {
    if (wrongStep !== null && (wrongStep < 1 || wrongStep > steps.length)) {
      const message = `the wrong step is ${wrongStep}, and the solution has ${steps.length} steps`;
      yield { file, line, severity: 'warning', message };
    }
    if (steps.some((step) => step.trim() === '')) {
      yield { file, line, severity: 'warning', message: 'a step is blank' };
    }
  }
}
