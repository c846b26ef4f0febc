// The released code's splitter, index rule and loop, against vectors recorded from it. The text of its prompts is not
// there, and ours are other words: roles, order and contents of the calls are compared, not their hashes.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { firstLow, releasedSteps, runReleasedLoop, splitAsReleased } from '../../src/methods/index.ts';

const file = fileURLToPath(new URL('../../../shared/data/stepco/golden/golden-scores.json', import.meta.url));
const here = existsSync(file);
if (!here) console.warn('the golden vectors are not at ../shared/data/stepco: the released loop is not compared');

interface Split {
  readonly in: string;
  readonly steps_raw: readonly string[];
  readonly steps_sent_to_verifier: readonly string[];
  readonly n_tags: number;
}
interface Threshold {
  readonly scores: readonly number[];
  readonly threshold: number;
  readonly index_1based_or_0: number;
}
interface Call {
  readonly role: string;
  readonly step_index?: number;
  readonly probability_text?: string;
}
interface Trace {
  readonly llm_outputs_scripted: readonly string[];
  readonly verifier_scores_scripted: readonly (readonly number[])[];
  readonly llm_calls: readonly (Call & { readonly sha256: string; readonly chars: number })[];
  readonly verifier_inputs: readonly string[];
  readonly final_answer_text: string | null;
  readonly final_value: { readonly value: number } | null;
  readonly record: { readonly problem: string; readonly gold_answer: number };
  readonly unused_llm: number;
  readonly unused_scores: number;
  readonly error: string | null;
}
interface Golden {
  readonly step_split_made_up: Record<string, Split>;
  readonly first_below_threshold_made_up: readonly Threshold[];
  readonly pipeline_traces: Record<string, Trace>;
}

const golden: Golden = here
  ? (JSON.parse(readFileSync(file, 'utf8')) as Golden)
  : { step_split_made_up: {}, first_below_threshold_made_up: [], pipeline_traces: {} };

async function replay(trace: Trace) {
  const outputs = [...trace.llm_outputs_scripted];
  const scores = [...trace.verifier_scores_scripted];
  const calls: Call[] = [];
  const inputs: string[] = [];
  const answer = (call: Call): Promise<string> => {
    calls.push(call);
    const text = outputs.shift();
    return text === undefined ? Promise.reject(new Error('one call too many')) : Promise.resolve(text);
  };
  const outcome = await runReleasedLoop(trace.record.problem, trace.record.gold_answer, {
    solve: () => answer({ role: 'solve' }),
    extract: () => answer({ role: 'extract_final_answer' }),
    revise: (_question, _path, step, percentage) =>
      answer({ role: 'revise', step_index: step, probability_text: percentage }),
    verify: (input) => {
      inputs.push(input);
      const next = scores.shift();
      return next === undefined ? Promise.reject(new Error('one score too many')) : Promise.resolve(next);
    },
  });
  return { outcome, calls, inputs, unused: { llm: outputs.length, scores: scores.length } };
}

describe.skipIf(!here)('the released code of StepCo', () => {
  it.each(Object.entries(golden.step_split_made_up))('splits %s as it does', (_name, vector) => {
    expect(splitAsReleased(vector.in)).toEqual(vector.steps_raw);
    expect(releasedSteps(vector.in)).toEqual(vector.steps_sent_to_verifier);
    expect(releasedSteps(vector.in)).toHaveLength(vector.n_tags);
  });

  it('finds the first step below the threshold as it does', () => {
    expect(golden.first_below_threshold_made_up.length).toBeGreaterThan(0);
    for (const { scores, threshold, index_1based_or_0: expected } of golden.first_below_threshold_made_up) {
      const low = firstLow(scores, threshold);
      expect(low === null ? 0 : low + 1, JSON.stringify(scores)).toBe(expected);
    }
  });

  it.each(Object.entries(golden.pipeline_traces))('runs %s as it does', async (_name, trace) => {
    const { outcome, calls, inputs, unused } = await replay(trace);
    expect(calls).toEqual(trace.llm_calls.map(({ sha256: _sha256, chars: _chars, ...call }) => call));
    expect(inputs).toEqual(trace.verifier_inputs);
    expect(outcome.finalText).toBe(trace.final_answer_text);
    if (trace.final_value === null) expect(outcome.finalValue).toBeNull();
    else {
      const { finalValue } = outcome;
      const value = finalValue !== null && 'value' in finalValue ? Number(finalValue.value) : NaN;
      expect(value).toBeCloseTo(trace.final_value.value, 6);
    }
    expect(outcome.record).toEqual(trace.record);
    expect(unused).toEqual({ llm: trace.unused_llm, scores: trace.unused_scores });
    expect(outcome.error).toBe(trace.error);
  });

  it('has vectors of every kind to compare with', () => {
    expect(Object.keys(golden.step_split_made_up).length).toBeGreaterThan(4);
    expect(Object.keys(golden.pipeline_traces).length).toBeGreaterThan(6);
  });
});
