import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { FettleError, usageError } from '../core/index.ts';
import type { MethodsComparison } from '../report/index.ts';
import type { FolderStore } from '../store/index.ts';
import type { ComparisonEnd, ComparisonHooks } from '../workbench/index.ts';
import { errorText, printable } from './console.ts';
import { type CliContext, withStore } from './context.ts';
import type { EvaluationOptions } from './evaluation-options.ts';
import { runConfigOf } from './run-config-of.ts';
import { runHooks } from './run-session.ts';

export interface CompareMethodsOptions extends Omit<EvaluationOptions, 'model' | 'method'> {
  readonly model?: string;
  readonly methods?: string;
  readonly share: boolean;
  /** True where no id was given: the newest. */
  readonly resume?: string | true;
  readonly equal?: string;
  readonly figure?: string;
}

export async function compareMethodsAction(
  target: string | undefined,
  options: CompareMethodsOptions,
  context: CliContext,
): Promise<void> {
  if (options.equal !== undefined && options.equal !== 'tokens') {
    throw usageError(`Methods cannot be compared at equal "${options.equal}".`, {
      where: '--equal',
      hint: 'Write --equal tokens.',
    });
  }
  const { loadModelConfig } = await import('../models/index.ts');
  const hooks: ComparisonHooks = {
    modelConfig: await loadModelConfig(context.configFile),
    onNote: (text) => context.note(`note: ${text}`),
    watch: async ({ spec, place, of }) => {
      context.note(`method ${place + 1} of ${of}: ${spec}`);
      return runHooks(context, context.configFile);
    },
  };
  await withStore(context, async (store) => {
    const end = await carriedOut(target, options, context, store, hooks);
    const { measureComparison } = await import('../workbench/index.ts');
    const comparison = await measureComparison(store, end.id, { equal: options.equal === 'tokens' });
    await show(comparison, options, context);
    tellHowItEnded(end, context);
    const hopeless = comparison.methods.filter(({ questions, failed }) => questions > 0 && failed === questions);
    for (const { spec } of hopeless) context.console.err(`error: Every question of ${printable(spec)} failed.\n`);
    if (hopeless.length > 0) process.exitCode = 1;
  });
}

async function carriedOut(
  target: string | undefined,
  options: CompareMethodsOptions,
  context: CliContext,
  store: FolderStore,
  hooks: ComparisonHooks,
): Promise<ComparisonEnd> {
  const { compareMethods, parseMethods, resumeComparison } = await import('../workbench/index.ts');
  if (options.resume !== undefined) {
    if (target !== undefined || options.methods !== undefined || options.model !== undefined) {
      throw usageError('A comparison that is taken up again keeps its benchmark, its methods and its model.', {
        where: '--resume',
        hint: 'Leave them out: fettle compare-methods --resume; --budget and --concurrency may be given anew.',
      });
    }
    const { budget, concurrency } = options;
    return resumeComparison(options.resume === true ? 'last' : options.resume, store, {
      ...hooks,
      budget,
      concurrency,
    });
  }
  const missing = target === undefined ? 'a benchmark' : options.methods === undefined ? '--methods' : '--model';
  if (target === undefined || options.methods === undefined || options.model === undefined) {
    throw usageError(`The comparison lacks ${missing}.`, {
      hint: 'Write fettle compare-methods BENCHMARK --methods direct,self-consistency:n=5 --model MODEL.',
    });
  }
  const specs = parseMethods(options.methods);
  const config = runConfigOf(target, { ...options, model: options.model }, context);
  return compareMethods(specs, { ...config, share: options.share }, store, hooks);
}

async function show(
  comparison: MethodsComparison,
  { figure, out }: CompareMethodsOptions,
  context: CliContext,
): Promise<void> {
  const { methodsFigureFile, methodsReport, renderMethods } = await import('../report/index.ts');
  if (context.json) context.printJson(comparison);
  else {
    const { width, color } = context.console;
    context.console.out(renderMethods(comparison, { width, color }));
  }
  if (figure !== undefined) await writeWhole(figure, methodsFigureFile(comparison), context);
  if (out !== undefined) await writeWhole(out, methodsReport(comparison), context);
}

async function writeWhole(file: string, text: string, context: CliContext): Promise<void> {
  const { writeAtomically } = await import('../report/index.ts');
  const path = resolve(file);
  await mkdir(dirname(path), { recursive: true });
  await writeAtomically(path, { force: true }, (handle) => handle.writeFile(text));
  context.note(`Wrote ${file}`);
}

function tellHowItEnded({ id, state, error }: ComparisonEnd, context: CliContext): void {
  if (state === 'completed') {
    context.note(`Comparison ${id}; its runs are in ${context.home} (fettle runs).`);
    return;
  }
  const text = `The comparison ${id} ${state === 'failed' ? 'failed' : 'stopped early'}`;
  context.console.err(
    errorText(
      new FettleError(error === undefined ? `${text}.` : `${text}: ${error.message}`, {
        code: error?.code ?? 'interrupted',
        hint:
          error?.code === 'budget-exhausted' || error === undefined
            ? `Go on with: fettle compare-methods --resume ${id}${error === undefined ? '' : ' --budget …'}`
            : `${error.hint ?? 'Mend the cause.'} Then go on with: fettle compare-methods --resume ${id}`,
      }),
      (words) => words,
    ),
  );
  process.exitCode = 1;
}
