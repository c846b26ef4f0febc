import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { basename, extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Benchmark, errorMessage, FettleError, type Task, usageError } from '../../core/index.ts';

let hooked = false;

/**
 * Lets a task module import `fettle` wherever it lies, and gives it the very copy that runs it:
 * two copies would not know each other's errors and registries.
 */
function resolveFettleToThisCopy(): void {
  if (hooked) return;
  hooked = true;
  const extension = extname(import.meta.url);
  const self = new URL(`../../index${extension}`, import.meta.url).href;
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'fettle' ? { url: self, shortCircuit: true } : next(specifier, context),
  });
}

function isTask(value: unknown): value is Task {
  return (
    typeof value === 'object' &&
    value !== null &&
    'name' in value &&
    'samples' in value &&
    typeof value.samples === 'function' &&
    'scorers' in value &&
    Array.isArray(value.scorers)
  );
}

function isBenchmark(value: unknown): value is Benchmark {
  return typeof value === 'object' && value !== null && 'open' in value && typeof value.open === 'function';
}

function tasksIn(exported: unknown): readonly Task[] | undefined {
  if (isTask(exported)) return [exported];
  if (Array.isArray(exported) && exported.length > 0 && exported.every(isTask)) return exported;
  return undefined;
}

/**
 * The benchmark that a module of the user's stands for. The module exports (as default, or as `task`, `tasks`,
 * `benchmark`) a task, a list of tasks, a benchmark, or a function that gives one of these.
 */
export async function moduleBenchmark(path: string): Promise<Benchmark> {
  const file = resolve(path);
  if (!existsSync(file)) throw usageError(`There is no file ${path}.`, { where: path });
  resolveFettleToThisCopy();
  let exports: Record<string, unknown>;
  try {
    exports = (await import(pathToFileURL(file).href)) as Record<string, unknown>;
  } catch (error) {
    throw new FettleError(`The task module could not be loaded: ${errorMessage(error)}`, {
      code: 'task-module',
      where: path,
      hint: 'It has to be an ES module that Node can run as it stands (TypeScript with erasable syntax).',
      cause: error,
      exitCode: 2,
    });
  }
  for (const name of ['default', 'task', 'tasks', 'benchmark']) {
    const given = exports[name];
    const value: unknown = typeof given === 'function' ? await (given as () => unknown)() : given;
    if (isBenchmark(value)) return value;
    const tasks = tasksIn(value);
    if (tasks !== undefined) return benchmarkOfTasks(basename(file, extname(file)), tasks, file);
  }
  throw usageError('The module exports no task.', {
    where: path,
    hint: 'Write `export default defineTask({ name, samples, scorers })`.',
  });
}

function benchmarkOfTasks(name: string, tasks: readonly Task[], file: string): Benchmark {
  return {
    name,
    title: name,
    description: `Own evaluation from ${basename(file)}`,
    modes: ['strict'],
    async open() {
      // What the module reads beside itself is not seen from here.
      const dataHash = createHash('sha256').update(readFileSync(file)).digest('hex');
      return { tasks, dataHash, location: file };
    },
  };
}
