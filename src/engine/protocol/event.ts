import { z } from 'zod';

/** Numbers of a training step. Not a number and infinity are `null`, which JSON can say. */
const number = z.number().nullable();

const base = {
  v: z.literal(1),
  /** The request it belongs to; null for the process itself. */
  id: z.string().nullable(),
  /** From 0 without gaps, so that a reader notices loss. */
  seq: z.int().min(0),
  /** Seconds of the engine's monotonic clock. */
  t: z.number(),
};

/** One line on the engine's stdout. Each request ends with exactly one of `result`, `done`, `stopped` and `error`. */
export const eventSchema = z.discriminatedUnion('event', [
  z.object({
    ...base,
    event: z.literal('ready'),
    versions: z.record(z.string(), z.string()),
    device: z.string(),
    devices: z.array(z.strictObject({ name: z.string(), memoryBytes: z.number() })),
    processes: z.int().min(1),
  }),
  z.object({
    ...base,
    event: z.literal('phase'),
    phase: z.enum(['load', 'cache', 'train', 'evaluate', 'save', 'export', 'embed']),
    done: z.int().min(0).nullable(),
    total: z.int().min(0).nullable(),
    note: z.string().optional(),
  }),
  z.object({
    ...base,
    event: z.literal('progress'),
    /** Optimiser steps done, from 1. */
    step: z.int().min(0),
    total: z.int().min(1),
    loss: number,
    losses: z.record(z.string(), number),
    gradientNorm: number,
    learningRate: z.number(),
    stepsPerSecond: z.number(),
    peakBytes: z.number(),
  }),
  z.object({
    ...base,
    event: z.literal('metric'),
    step: z.int().min(0),
    /** Accuracies from 0 to 1 by set: `forget`, `retain`, `validation`. */
    metrics: z.record(z.string(), number),
  }),
  z.object({ ...base, event: z.literal('checkpoint'), step: z.int().min(0), path: z.string() }),
  z.object({
    ...base,
    event: z.literal('artifact'),
    kind: z.string(),
    path: z.string(),
    sha256: z.string(),
    bytes: z.number(),
  }),
  z.object({ ...base, event: z.literal('log'), level: z.enum(['debug', 'info', 'warn']), text: z.string() }),
  z.object({ ...base, event: z.literal('warning'), code: z.string(), message: z.string() }),
  z.object({ ...base, event: z.literal('result'), result: z.record(z.string(), z.unknown()) }),
  z.object({
    ...base,
    event: z.literal('done'),
    /** Training: { steps, resumedFrom, seconds, stepsPerSecond, peakBytes, trainable, parameters, model, kept: { step, metrics }, reason, cache: { hits, misses }, device }. */
    summary: z.record(z.string(), z.unknown()),
  }),
  z.object({ ...base, event: z.literal('stopped'), step: z.int().min(0), checkpoint: z.string().nullable() }),
  z.object({
    ...base,
    event: z.literal('error'),
    code: z.string(),
    message: z.string(),
    hint: z.string(),
    details: z.record(z.string(), z.unknown()),
    retryable: z.boolean(),
  }),
]);

export type EngineEvent = z.output<typeof eventSchema>;
export type EngineEventOf<Name extends EngineEvent['event']> = Extract<EngineEvent, { event: Name }>;
