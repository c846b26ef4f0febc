import { join, resolve } from 'node:path';
import { usageError } from '../core/index.ts';
import { type CliContext } from './context.ts';
import { commandLine } from './command-line.ts';
import type { SharedTrainOptions, TrainClipOptions, TrainCliperaseOptions } from './train-options.ts';
import { parseSettings, type Settings, trainSettings } from './train-settings.ts';
import { watched } from './training-progress.ts';

/** A picture experiment that two cores finish in a few minutes. */
const demoSettings: Settings = {
  data: null,
  forget: ['classes=star'],
  drawn: { train: 150, test: 50 },
  clip: { architecture: 'tiny', epochs: 40, batch: 128 },
  cliperase: { steps: 150, batch: { forget: 16, retain: 32 }, learningRate: 3e-4, evaluations: 10, relearnSteps: 40 },
};

function seedsOf(seeds: readonly string[] | undefined): number[] | undefined {
  return seeds?.map((text) => {
    const seed = Number(text);
    if (!Number.isInteger(seed) || seed < 0) {
      throw usageError(`"${text}" is no seed.`, { where: '--seeds', hint: 'Write whole numbers: --seeds 0,1,2.' });
    }
    return seed;
  });
}

function sharedSettings(options: SharedTrainOptions, prefixes: readonly string[]): Record<string, unknown> {
  const named: Record<string, unknown> = {
    data: options.data === undefined ? undefined : resolve(options.data),
    form: options.form,
    template: options.template,
    validation: options.validation,
    seeds: seedsOf(options.seeds),
    'clip.architecture': options.architecture,
    'clip.epochs': options.epochs,
  };
  for (const prefix of prefixes) {
    named[`${prefix}.device`] = options.device;
    named[`${prefix}.precision`] = options.precision;
    named[`${prefix}.threads`] = options.threads;
  }
  return named;
}

export async function trainClipAction(options: TrainClipOptions, context: CliContext): Promise<void> {
  const { clipTrainingSchema, trainClip } = await import('../workbench/index.ts');
  if (options.data === undefined && options.drawn !== true && options.config === undefined) {
    throw usageError('There is nothing to train on.', { hint: 'Name pictures with --data, or take --drawn.' });
  }
  const settings = await trainSettings({
    file: options.config,
    sets: options.set,
    named: {
      ...sharedSettings(options, ['clip']),
      'clip.batch': options.batch,
      'clip.learningRate': options.learningRate,
    },
  });
  const config = parseSettings(clipTrainingSchema, settings, 'clip');
  const out = resolve(options.out ?? join(context.home, 'training', 'clip'));
  const trained = await watched(context, (signal, onNews) =>
    trainClip(config, {
      out,
      parallel: options.parallel ?? 1,
      onnx: options.onnx === true,
      command: commandLine(),
      onNews,
      signal,
    }),
  );
  if (context.json) return context.printJson(trained);
  for (const model of trained.models) {
    const accuracy = model.accuracy === null ? '' : ` · test accuracy ${(100 * model.accuracy).toFixed(1)} %`;
    context.console.out(`seed ${model.seed}: ${model.folder} · ${model.parameters} parameters${accuracy}\n`);
  }
  context.console.out(`report: ${trained.report}\n`);
}

export async function trainCliperaseAction(options: TrainCliperaseOptions, context: CliContext): Promise<void> {
  const { experimentConfigSchema, isHubName, runUnlearning } = await import('../workbench/index.ts');
  const settings = await trainSettings({
    file: options.config,
    sets: options.set,
    named: {
      ...sharedSettings(options, ['clip', 'cliperase']),
      model: options.model === undefined || isHubName(options.model) ? options.model : resolve(options.model),
      forget: options.forget,
      arms: options.arms,
      ...sweepOf(options.sweep),
      'cliperase.steps': options.steps,
      'cliperase.learningRate': options.learningRate,
      synonyms: options.synonym === undefined ? undefined : synonymsOf(options.synonym),
    },
  });
  const whole = options.demo === true ? merged(demoSettings, settings) : settings;
  if (whole['data'] === undefined && options.demo !== true) {
    throw usageError('There are no pictures to work with.', { hint: 'Name them with --data, or take --demo.' });
  }
  if (whole['forget'] === undefined) {
    throw usageError('Nothing is named to forget.', {
      where: '--forget',
      hint: 'Write --forget "classes=apple", --forget "words=dog plural=yes" or --forget ids=FILE.',
    });
  }
  const config = parseSettings(experimentConfigSchema, whole, 'cliperase');
  const name = options.demo === true ? 'cliperase-demo' : 'cliperase';
  const out = resolve(options.out ?? join(context.home, 'training', name));
  const end = await watched(context, (signal, onNews) =>
    runUnlearning(config, {
      out,
      parallel: options.parallel ?? 1,
      keepModels: options.keepModels === true ? 'all' : 'method',
      onnx: options.onnx === true || options.demo === true,
      command: commandLine(),
      onNews,
      signal,
    }),
  );
  if (context.json) return context.printJson(end.summary);
  context.console.out(end.table);
  for (const { concept, seed, folder } of end.models) context.note(`${concept}, seed ${seed}: ${folder}`);
  context.console.out(`report: ${end.summary.report}\n`);
}

/** `retention=0.5,1,2` as settings; several of one module are joined. */
function sweepOf(texts: readonly string[] = []): Record<string, number[]> {
  const sweep: Record<string, number[]> = {};
  for (const text of texts) {
    const [module = '', list = ''] = text.split('=', 2);
    const weights = list.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
    if (
      !['forgetting', 'retention', 'consistency'].includes(module) ||
      !weights.every((weight) => Number.isFinite(weight) && weight >= 0)
    ) {
      throw usageError(`"${text}" names no loss weights.`, {
        where: '--sweep',
        hint: 'Write forgetting=1,3,10, retention=0.5,1,2 or consistency=0,3; weights are numbers of at least 0.',
      });
    }
    (sweep[`sweep.${module}`] ??= []).push(...weights);
  }
  return sweep;
}

function synonymsOf(texts: readonly string[]): Record<string, string[]> {
  return Object.fromEntries(
    texts.map((text) => {
      const equals = text.indexOf('=');
      const words = text
        .slice(equals + 1)
        .split(',')
        .map((word) => word.trim())
        .filter((word) => word !== '');
      if (equals < 1 || words.length === 0) {
        throw usageError(`"${text}" names no synonyms.`, { where: '--synonym', hint: 'Write CLASS=WORD,WORD.' });
      }
      return [text.slice(0, equals), words];
    }),
  );
}

/** `over` over `under`, objects within objects. */
function merged(under: Settings, over: Settings): Settings {
  const result: Settings = { ...under };
  for (const [name, value] of Object.entries(over)) {
    const below = result[name];
    result[name] = isObject(below) && isObject(value) ? merged(below, value) : value;
  }
  return result;
}

function isObject(value: unknown): value is Settings {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
