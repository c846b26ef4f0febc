import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { engineFolder } from '../source.ts';
import { eventSchema, requestSchema, trainingJobSchema } from './index.ts';

// engine/tests/test_examples.py reads the same files, so that both sides mean the same by them.
const example = (name: string): unknown =>
  JSON.parse(readFileSync(join(engineFolder, 'examples', `${name}.json`), 'utf8'));
const examples = (name: string): unknown[] => z.array(z.unknown()).parse(example(name));

const schemas = { job: trainingJobSchema, request: requestSchema, event: eventSchema };
const refused = z
  .array(z.object({ schema: z.enum(['job', 'request', 'event']), why: z.string(), value: z.unknown() }))
  .parse(example('refused'));

describe('messages in engine/examples', () => {
  it('jobs are understood, and their defaults are those that the engine fills in', () => {
    expect(examples('jobs').map((job) => trainingJobSchema.parse(job))).toEqual(example('jobs-filled'));
  });

  it('requests are understood, one of each kind at least', () => {
    const operations = examples('requests').map((request) => requestSchema.parse(request).op);
    expect(new Set(operations)).toEqual(new Set(requestSchema.options.map((option) => option.shape.op.value)));
  });

  it('events are understood, one of each kind at least, numbered without gaps', () => {
    const events = examples('events').map((event) => eventSchema.parse(event));
    expect(new Set(events.map(({ event }) => event))).toEqual(
      new Set(eventSchema.options.map((option) => option.shape.event.value)),
    );
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_event, index) => index));
  });

  it.each(refused.map((entry) => [entry.schema, entry.why, entry.value] as const))(
    'refuses a %s with %s',
    (schema, _why, value) => {
      expect(schemas[schema].safeParse(value).success).toBe(false);
    },
  );
});
