import {
  type Answer,
  type AroundCall,
  CallGate,
  type CallGateOptions,
  type CallRecord,
  createRandom,
  errorRecord,
  type Method,
  type MethodContext,
  type ModelsByRole,
  type Random,
  type Sample,
  type SampleResult,
  type Store,
  type TraceStep,
  type UsageTotals,
} from '../../core/index.ts';
import type { Reading } from './reading.ts';
import { servedTask } from './served-benchmark.ts';

export interface AnswerSampleOptions {
  readonly store: Store;
  readonly runId: string;
  readonly budget: CallGateOptions['budget'];
  readonly useCache: boolean;
  readonly models: ModelsByRole;
  readonly method: Method;
  readonly reading: Reading;
  readonly sample: Sample;
  /** From 1. */
  readonly epoch: number;
  /** Of this epoch. */
  readonly seed: number;
  /** Calls that an earlier attempt at the request has journaled. */
  readonly replay: ReadonlyMap<string, CallRecord> | undefined;
  readonly signal: AbortSignal;
  /** Told of the calls that were in flight when the method failed: their answers are paid for, and journaled yet. */
  readonly linger: (rest: Promise<unknown>) => void;
}

/** How a served request ended, and what the store is to keep of it. */
export type SampleEnd = { readonly record: Omit<SampleResult, 'index'>; readonly usage: UsageTotals } & (
  | { readonly answer: Answer }
  | { readonly answer: null; readonly error: unknown }
);

/**
 * One request by its method, every call through the journal: what an earlier attempt at the same request had answered
 * is taken from there. Throws the signal's reason where that aborts; any other failure is told in the result.
 */
export async function answerSample(options: AnswerSampleOptions): Promise<SampleEnd> {
  const { store, runId, budget, useCache, models, method, reading, sample, epoch, seed, signal, linger } = options;
  const startedAt = Date.now();
  const begin = performance.now();
  const gate = new CallGate(
    { store, runId, budget, useCache, signal },
    { task: servedTask, sampleId: sample.id, epoch, replay: options.replay },
  );
  const inFlight = new Set<Promise<unknown>>();
  const track: AroundCall = (make, callOptions) => {
    const call = make(callOptions);
    inFlight.add(call);
    const ended = (): void => void inFlight.delete(call);
    call.then(ended, ended);
    return call;
  };
  const trace: TraceStep[] = [];
  let random: Random | undefined;
  const context: MethodContext = {
    models: gate.wrapAll(models, track),
    get random() {
      random ??= createRandom(`${seed}\n${servedTask}\n${sample.id}\n${epoch}`);
      return random;
    },
    settings: { ...sample.generation, seed },
    extract: (text) => reading(text, sample),
    trace: (step) => void trace.push(step),
    signal,
  };
  let answer: Answer | null = null;
  let failure: unknown;
  try {
    answer = await method.solve(sample, context);
  } catch (error) {
    failure = error;
    linger(Promise.allSettled(inFlight));
  }
  signal.throwIfAborted();
  const { usage } = gate;
  const record: Omit<SampleResult, 'index'> = {
    task: servedTask,
    sampleId: sample.id,
    epoch,
    status: answer === null ? 'failed' : 'completed',
    input: await gate.recorded(sample.input),
    target: null,
    labels: {},
    metadata: sample.metadata,
    answer,
    scores: {},
    ...(answer === null ? { error: errorRecord(failure) } : {}),
    usage,
    trace,
    startedAt,
    durationMs: performance.now() - begin,
  };
  return answer === null ? { record, usage, answer, error: failure } : { record, usage, answer };
}
