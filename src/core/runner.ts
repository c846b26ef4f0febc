import { BudgetMeter, budgetExhaustedCode, type Spending } from './budget.ts';
import { CallGate, type CallGateOptions, journalFailedCode } from './call-gate.ts';
import { FettleError } from './errors.ts';
import type { Method, MethodContext, TraceStep } from './method.ts';
import type { GenerationSettings, ModelsByRole } from './model.ts';
import { createProgress, type Progress } from './progress.ts';
import { createRandom, type Random } from './random.ts';
import type { ErrorRecord, SampleResult } from './result.ts';
import type { Budget, RunState } from './run.ts';
import { createSchedule, type Job, plannedTotal } from './schedule.ts';
import { errorRecord, scoreSample } from './score-sample.ts';
import type { Store } from './store.ts';
import type { Task } from './task.ts';

export interface RunTasksOptions {
  /** A run that the store knows. */
  readonly runId: string;
  readonly store: Store;
  readonly tasks: readonly Task[];
  readonly models: ModelsByRole;
  /** Used where a task brings no method of its own. */
  readonly method: Method;
  /** Overrides the tasks' own methods. */
  readonly methodForAll?: boolean | undefined;
  /** Samples in flight at most. */
  readonly concurrency: number;
  readonly epochs?: number | undefined;
  /** First samples of each task. */
  readonly limit?: number | undefined;
  readonly seed?: number | undefined;
  /** The caller's settings, over those of samples and tasks. */
  readonly settings?: GenerationSettings | undefined;
  readonly budget?: Budget | undefined;
  readonly alreadySpent?: Spending | undefined;
  readonly useCache?: boolean | undefined;
  /** Runs over the same samples whose journals answer equal requests of the same sample, sampled ones too. */
  readonly siblings?: readonly string[] | undefined;
  /** True when this run was started before: results are kept and calls replayed from the journal. */
  readonly resumed?: boolean | undefined;
  /** No new samples once aborted; those in flight end in peace. */
  readonly drain?: AbortSignal | undefined;
  /** Ends calls in flight too. What they would have answered is not kept. */
  readonly stop?: AbortSignal | undefined;
  /** Changed in place while the run goes on. */
  readonly progress?: Progress | undefined;
  /** Go on when every sample fails. */
  readonly keepGoing?: boolean | undefined;
}

export interface RunOutcome {
  readonly state: Exclude<RunState, 'running'>;
  readonly completed: number;
  readonly failed: number;
  readonly promptsHash: string;
  /** From the first sample's start until the last result was durable. */
  readonly seconds: number;
  readonly error?: ErrorRecord | undefined;
}

/** So many failures of one kind in a row, with nothing completed, are a wrong setting and not bad luck. */
const hopelessFailures = 20;

/** Results written but not yet durable, at most; more wait, so that memory stays flat behind a slow disk. */
const unwrittenResults = 1000;

/**
 * Carries the samples of all tasks through method, models and scorers into the store.
 * Samples are read as they are started. Returns how the run ended; throws only for what the caller cannot have meant.
 */
export async function runTasks(options: RunTasksOptions): Promise<RunOutcome> {
  const { store, runId, tasks, models, seed = 0, epochs = 1, limit } = options;
  const begin = performance.now();
  const progress = options.progress ?? createProgress();
  progress.total = plannedTotal(tasks, { epochs, limit });
  const schedule = createSchedule(tasks, { epochs, limit });
  const done = options.resumed === true ? await store.completed(runId) : undefined;
  const budget = new BudgetMeter(options.budget, options.alreadySpent);
  const abort = new AbortController();
  const signal = options.stop === undefined ? abort.signal : AbortSignal.any([abort.signal, options.stop]);
  const gateOptions: CallGateOptions = {
    store,
    runId,
    budget,
    signal,
    useCache: options.useCache === true,
    onWastedCall: ({ message }) => {
      progress.wastedCalls += 1;
      progress.lastProblem = message;
    },
    onCall: ({ inputTokens, outputTokens, cost, replayed }) => {
      progress.calls += 1;
      if (replayed) progress.replayedCalls += 1;
      progress.inputTokens += inputTokens;
      progress.outputTokens += outputTokens;
      progress.cost += cost;
    },
  };

  let stopped: ErrorRecord | undefined;
  let fatal = false;
  let failuresInARow = 0;
  let lastFailure = '';
  const unwritten = new Set<Promise<void>>();

  /** The first reason counts. `hard` also ends the calls in flight. */
  const stopWith = (error: unknown, hard: boolean): void => {
    stopped ??= errorRecord(error);
    if (hard) {
      fatal = true;
      abort.abort(error);
    }
  };

  const save = async (result: SampleResult): Promise<void> => {
    const written = store.saveResult(runId, result).then(
      () => {
        unwritten.delete(written);
        if (result.status === 'completed') progress.completed += 1;
        else progress.failed += 1;
      },
      (error: unknown) => {
        unwritten.delete(written);
        stopWith(error, true);
      },
    );
    unwritten.add(written);
    if (unwritten.size >= unwrittenResults) await written;
  };

  const runOne = async (job: Job): Promise<void> => {
    const { task, sample, epoch, index } = job;
    const startedAt = Date.now();
    const begin = performance.now();
    const gate = new CallGate(gateOptions, {
      task: task.name,
      sampleId: sample.id,
      epoch,
      replay: done === undefined ? undefined : await store.callsOf(runId, task.name, sample.id, epoch),
      siblings:
        options.siblings &&
        (await Promise.all(options.siblings.map((sibling) => store.callsOf(sibling, task.name, sample.id, epoch)))),
    });
    const gated = gate.wrapAll(models);
    const trace: TraceStep[] = [];
    let random: Random | undefined;
    const context: MethodContext = {
      models: gated,
      get random() {
        random ??= createRandom(`${seed}\n${task.name}\n${sample.id}\n${epoch}`);
        return random;
      },
      settings: { ...task.generation, ...sample.generation, ...options.settings, seed: seed + epoch - 1 },
      extract: (text) => {
        const scorer = task.scorers[0];
        return scorer.extract === undefined ? text.trim() || null : scorer.extract(text, sample);
      },
      trace: (step) => {
        trace.push(step);
      },
      signal,
    };
    const method = options.methodForAll === true ? options.method : (task.method ?? options.method);
    let outcome: Pick<SampleResult, 'status' | 'answer' | 'scores' | 'error'>;
    try {
      const answer = await method.solve(sample, context);
      const scores = await scoreSample(task.scorers, answer, sample, { models: gated, signal });
      outcome = { status: 'completed', answer, scores };
      failuresInARow = Number.NEGATIVE_INFINITY;
    } catch (error) {
      // A sample that was cut short has no result: it is taken up again by resume, its calls from the journal.
      if (signal.aborted) return;
      if (FettleError.isInstance(error) && error.code === budgetExhaustedCode) return stopWith(error, false);
      if (FettleError.isInstance(error) && error.code === journalFailedCode)
        return stopWith(error.cause ?? error, true);
      outcome = { status: 'failed', answer: null, scores: {}, error: errorRecord(error) };
      failuresInARow = outcome.error?.code === lastFailure ? failuresInARow + 1 : Math.min(failuresInARow, 0) + 1;
      lastFailure = outcome.error?.code ?? '';
    }
    const stored = gate.recorded(sample.input);
    await save({
      task: task.name,
      sampleId: sample.id,
      epoch,
      index,
      ...outcome,
      input: stored instanceof Promise ? await stored : stored,
      target: sample.target,
      choices: sample.choices,
      group: sample.group,
      labels: sample.labels ?? {},
      metadata: sample.metadata,
      usage: gate.usage,
      trace,
      startedAt,
      durationMs: performance.now() - begin,
    });
    if (failuresInARow >= hopelessFailures && options.keepGoing !== true) {
      stopWith(
        new FettleError(`The first ${failuresInARow} samples all failed: ${outcome.error?.message ?? ''}`, {
          code: 'every-sample-fails',
          hint: outcome.error?.hint ?? 'Mend the cause and `fettle resume RUN`, or pass --keep-going.',
        }),
        true,
      );
    }
  };

  const open = (): boolean => stopped === undefined && !signal.aborted && options.drain?.aborted !== true;

  const worker = async (): Promise<void> => {
    while (open()) {
      const next = await schedule.jobs.next();
      if (next.done === true || !open()) return;
      if (done?.has(next.value.index, next.value.epoch) === true) {
        progress.skipped += 1;
        continue;
      }
      progress.running += 1;
      try {
        await runOne(next.value);
      } finally {
        progress.running -= 1;
      }
    }
  };

  const workers: Promise<void>[] = [];
  let dataError: unknown;
  for (let i = 0; i < Math.max(1, options.concurrency); i++) {
    workers.push(
      worker().catch((error: unknown) => {
        // The data set could not be read any further (or the store could not be asked).
        dataError ??= error;
        stopWith(error, false);
      }),
    );
  }
  await Promise.all(workers);
  await Promise.all(unwritten);

  const ended = await schedule.jobs.next().then(
    (next) => next.done === true,
    () => false,
  );
  const whole = ended && stopped === undefined && !signal.aborted && dataError === undefined;
  return {
    state: whole ? 'completed' : fatal || dataError !== undefined ? 'failed' : 'interrupted',
    completed: progress.completed + progress.skipped,
    failed: progress.failed,
    promptsHash: schedule.promptsHash.hex(),
    seconds: (performance.now() - begin) / 1000,
    ...(stopped === undefined ? {} : { error: stopped }),
  };
}
