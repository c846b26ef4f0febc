import type { JsonObject, JsonValue } from '../../../core/index.ts';
import { readReference } from '../../../metrics/math/index.ts';
import { firstLow } from '../../verifiers/index.ts';
import { exceptionText } from './exception-text.ts';
import { pythonEqual } from './python-equal.ts';
import { twoDecimals } from './python-format.ts';
import { releasedSteps } from './split.ts';

type Value = Extract<ReturnType<typeof readReference>, { ok: true }>['value'];

/** The mark behind each step, as Math-Shepherd reads it. */
const tag = 'ки';
const theta = 0.5;
const rounds = 5;

/** What the loop asks of the outside. Texts of prompts are the caller's. */
export interface ReleasedCalls {
  solve(question: string): Promise<string>;
  extract(question: string, path: string): Promise<string>;
  /** `step` counts from 1. */
  revise(question: string, path: string, step: number, percentage: string): Promise<string>;
  /** Scores of the marks in a text; `steps` are the pieces between them. */
  verify(input: string, steps: readonly string[]): Promise<readonly number[]>;
}

export interface ReleasedRound {
  readonly path: string;
  readonly wholeScores: readonly number[];
  readonly answer: string;
  /** Set where a revision followed. */
  readonly steps?: { readonly texts: readonly string[]; readonly scores: readonly number[]; readonly low: number };
}

export interface ReleasedOutcome {
  /** The row that the released code writes. */
  readonly record: JsonObject;
  readonly rounds: readonly ReleasedRound[];
  /** Null where the released code raises. */
  readonly finalText: string | null;
  readonly finalValue: Value | null;
  /** `Class: message` of the exception. */
  readonly error: string | null;
}

/**
 * The loop of the released code (spec 2.2): one score of the whole path decides, answers are asked for apart, equal
 * answers twice in a row end it, nothing is frozen, the last path wins. Where its normaliser raises, so ends the loop.
 * `onRound` is told of each round once nothing more is added to it.
 */
export async function runReleasedLoop(
  question: string,
  gold: JsonValue,
  calls: ReleasedCalls,
  onRound: (round: ReleasedRound, index: number) => void = () => undefined,
): Promise<ReleasedOutcome> {
  const done: ReleasedRound[] = [];
  const history: Value[] = [];
  const attempt = async (path: string): Promise<ReleasedRound> => {
    const wholeScores = await calls.verify(`Q: ${question} \n A: ${path} ${tag}`, [path]);
    return { path, wholeScores, answer: await calls.extract(question, path) };
  };
  const close = (round: ReleasedRound): void => {
    onRound(round, done.length);
    done.push(round);
  };
  const end = (round: ReleasedRound, error: string | null): ReleasedOutcome => {
    close(round);
    return {
      record: recordOf(question, gold, done),
      rounds: done,
      finalText: error === null ? round.answer : null,
      finalValue: error === null ? (history.at(-1) ?? null) : null,
      error,
    };
  };
  /** Reads the answer into the history; gives the exception that the released code ends with. */
  const note = (round: ReleasedRound): string | null => {
    const read = readReference(round.answer);
    if (!read.ok) return exceptionText(round.answer, read);
    history.push(read.value);
    return null;
  };
  const accepted = (round: ReleasedRound): boolean => (round.wholeScores[0] ?? NaN) >= theta;

  let current = await attempt(await calls.solve(question));
  let error = note(current);
  if (error !== null || accepted(current)) return end(current, error);
  for (let t = 1; t <= rounds; t++) {
    const texts = releasedSteps(current.path);
    const marked = texts.map((step) => `${step} ${tag}`).join('\n');
    const scores = await calls.verify(`Q: ${question} \n A: ${marked}`, texts);
    const low = firstLow(scores, theta);
    // No step is low: nothing is asked, and the answer repeats itself.
    if (low === null) return end(current, null);
    const step = low + 1;
    const revised = await calls.revise(question, current.path, step, twoDecimals(100 * (scores[low] ?? 0)));
    close({ ...current, steps: { texts, scores, low: step } });
    current = await attempt(revised);
    error = note(current);
    if (error !== null || accepted(current)) return end(current, error);
    const [last, before] = [history.at(-1), history.at(-2)];
    if (last !== undefined && before !== undefined && pythonEqual(last, before)) return end(current, null);
  }
  return end(current, null);
}

function recordOf(problem: string, gold: JsonValue, rounds: readonly ReleasedRound[]): JsonObject {
  const iterations = rounds.map(({ path, wholeScores, answer, steps }, t) => [
    `iter-${t}`,
    {
      reasoning_path: path,
      OSV: [...wholeScores],
      answer,
      ...(steps === undefined ? {} : { PSV: [...steps.scores] }),
    },
  ]);
  return { problem, gold_answer: gold, ...Object.fromEntries(iterations) };
}
