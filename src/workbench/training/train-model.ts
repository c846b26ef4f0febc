import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { FettleError } from '../../core/index.ts';
import type { EngineClient, EngineEvent, TrainingJobInput } from '../../engine/index.ts';
import type { HistoryPoint, TrainedRun } from '../../report/index.ts';
import { hashOf, readJson, writeJson } from './experiment-folder.ts';
import type { TrainingHooks } from './training-hooks.ts';

/** What is kept of a finished job. */
export interface TrainedModel extends Omit<TrainedRun, 'name' | 'seed' | 'accuracy' | 'perClass'> {
  readonly jobHash: string;
  /** Checkpoint folder of the result. */
  readonly model: string;
}

/**
 * Trains, or gives back what an earlier call with the same job in the same folder ended with.
 * An interrupted job goes on from its newest checkpoint.
 *
 * @param startWeights sha256 of the weights that the job starts from, where it names a checkpoint: another model in the
 * same folder is another job.
 */
export async function trainModel(
  engine: EngineClient,
  job: TrainingJobInput,
  name: string,
  hooks: TrainingHooks,
  startWeights?: string,
): Promise<TrainedModel> {
  // Where a folder lies changes nothing of what is trained: a moved experiment is still whole.
  const { out, cache: _cache, data, ...content } = job;
  const jobHash = hashOf({ ...content, pairs: basename(data.pairs), sets: await readJson(data.sets), startWeights });
  const record = join(out, 'trained.json');
  const before = (await readJson(record)) as TrainedModel | undefined;
  if (before?.jobHash === jobHash) return before;

  const onEvent = (event: EngineEvent): void => hooks.onNews?.({ kind: 'engine', name, event });
  const outcome = await engine.run(job, { onEvent, signal: hooks.signal }).catch((error: unknown) => {
    throw withAdvice(error, job, name);
  });
  if (outcome.kind === 'stopped') {
    throw new FettleError(`The training of ${name} was stopped at step ${outcome.step}.`, {
      code: 'interrupted',
      where: outcome.checkpoint ?? out,
      hint: 'The same command goes on from there.',
    });
  }
  const { summary } = outcome;
  const kept = summary['kept'] as { readonly step: number } | null | undefined;
  const trained: TrainedModel = {
    jobHash,
    model: String(summary['model']),
    steps: Number(summary['steps']),
    keptStep: kept?.step ?? null,
    seconds: Number(summary['seconds']),
    peakBytes: Number(summary['peakBytes']),
    parameters: Number(summary['parameters']),
    trainable: Number(summary['trainable']),
    reason: typeof summary['reason'] === 'string' ? summary['reason'] : null,
    device: String(summary['device']),
    weights: outcome.artifacts.find(({ path }) => path.endsWith('model.safetensors'))?.sha256 ?? '',
    ...(await readHistory(join(out, 'history.jsonl'))),
  };
  await writeJson(record, trained);
  return trained;
}

const memoryDetails = z.object({ details: z.object({ phase: z.string(), step: z.int(), batch: z.unknown() }) });

/** Says which model's job ran out of memory or met another job's checkpoint, and how to mend it in the words of the command line. */
function withAdvice(error: unknown, job: TrainingJobInput, name: string): unknown {
  if (!FettleError.isInstance(error)) return error;
  if (error.code === 'engine-other-job') {
    return new FettleError(`${name}: ${error.message}`, {
      code: error.code,
      where: job.out,
      hint: `Name another folder with --out, or remove ${join(job.out, 'checkpoints')} to train this one anew.`,
      cause: error.cause,
    });
  }
  if (error.code !== 'engine-out-of-memory') return error;
  const found = memoryDetails.safeParse(error.cause);
  const details = found.success ? found.data.details : undefined;
  const again = `--set ${job.kind}.microBatches=${2 * (job.microBatches ?? 1)}`;
  return new FettleError(`${name}: ${error.message}`, {
    code: error.code,
    where:
      details && `step ${details.step + (details.phase === 'train' ? 1 : 0)}, batch ${JSON.stringify(details.batch)}`,
    hint: `${error.hint ?? ''} On the command line: ${again}, or a smaller --set ${job.kind}.batch.`.trim(),
    cause: error.cause,
  });
}

const number = z.number().nullable();
const historyLine = z.union([
  z.object({ step: z.int(), metrics: z.record(z.string(), number) }),
  z.object({ step: z.int(), loss: number, losses: z.record(z.string(), number), learningRate: z.number() }),
]);

/** What the engine wrote down while it trained, over all starts of the job. */
async function readHistory(file: string): Promise<Pick<TrainedModel, 'history' | 'validation' | 'learningRates'>> {
  const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');
  const history: HistoryPoint[] = [];
  const validation: { step: number; metrics: Record<string, number | null> }[] = [];
  const learningRates: { step: number; value: number }[] = [];
  for (const line of lines) {
    const parsed = historyLine.parse(JSON.parse(line));
    if ('metrics' in parsed) validation.push(parsed);
    else {
      history.push({ step: parsed.step, loss: parsed.loss, losses: parsed.losses });
      learningRates.push({ step: parsed.step, value: parsed.learningRate });
    }
  }
  return { history, validation, learningRates };
}
