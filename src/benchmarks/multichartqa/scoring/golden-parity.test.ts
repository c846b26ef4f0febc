import { describe, expect, it } from 'vitest';
import type { SampleResult, Score } from '../../../core/index.ts';
import { normalizeReference, readOpenReference, referenceNumbers } from '../../../metrics/mmmu/index.ts';
import { createChartScorer, settleReference } from './index.ts';
import { readChoiceReference } from './reference/choice-reading.ts';
import { naturalOrder } from './reference/natural-order.ts';
import { relaxedCorrectness } from './reference/relaxed-correctness.ts';
import { openCredit } from './reference/score-reference.ts';
import { scorerName } from './scorer-name.ts';
import {
  comparable,
  goldenComparable,
  hasCharts,
  readGoldenCharts,
  readQuestions,
  readSharedReplies,
  resultOf,
  type SharedQuestion,
} from './testing/shared-charts.ts';

const golden = hasCharts ? readGoldenCharts() : undefined;
const questions = hasCharts ? readQuestions() : [];
const questionAt = new Map(questions.map((question) => [`${question.target.group} ${question.target.q}`, question]));
const scorer = createChartScorer('reference');

function scoreOf(reply: string, { id, target }: SharedQuestion): Score {
  const context = { models: {}, signal: new AbortController().signal };
  return scorer.score({ text: reply }, { id, input: [], target: { ...target } }, context) as Score;
}

async function* each(results: readonly SampleResult[]): AsyncGenerator<SampleResult> {
  yield* results;
}

/** Results with what is settled put in its place. */
async function settled(results: readonly SampleResult[]): Promise<SampleResult[]> {
  const changes = await settleReference(each(results));
  const byId = new Map(changes.map((change) => [change.sampleId, change.score]));
  return results.map((result) => {
    const score = byId.get(result.sampleId);
    return score === undefined ? result : { ...result, scores: { [scorerName]: score } };
  });
}

const valueOf = (result: SampleResult): number | null => result.scores[scorerName]?.value ?? null;

function percent(results: readonly SampleResult[]): number {
  const values = results.map(valueOf).filter((value) => value !== null);
  return Number(((100 * values.reduce((sum, value) => sum + value, 0)) / values.length).toFixed(2));
}

describe.skipIf(golden === undefined)('reference scores (needs ../shared)', () => {
  it('equals every unit case', () => {
    const unit = golden?.unit;
    for (const { in: text, out } of unit?.normalize_str ?? []) {
      expect([normalizeReference(text)].map(String), text).toEqual(out.map((value) => String(fromText(value, text))));
    }
    for (const { in: text, out } of unit?.extract_numbers ?? []) expect(referenceNumbers(text), text).toEqual(out);
    for (const { in: text, out } of unit?.parse_open_response ?? []) {
      expect(comparable(readOpenReference(text).predictions), text).toEqual(goldenComparable(out));
    }
    for (const { in: text, out } of unit?.parse_multi_choice_response ?? []) {
      expect(readChoiceReference(text).letter, text).toBe(out);
    }
    for (const { target, prediction, out } of unit?.relaxed_correctness ?? []) {
      expect(relaxedCorrectness(target, prediction), `${target} ${prediction}`).toBe(out);
    }
    for (const { gold, response, parsed, score } of unit?.open_question_scores ?? []) {
      const { predictions } = readOpenReference(response);
      expect(comparable(predictions), response).toEqual(goldenComparable(parsed));
      expect(openCredit(gold, predictions).value, `${gold} / ${response}`).toBeCloseTo(score, 9);
    }
    const [anyQuestion] = questions as [SharedQuestion];
    for (const { gold, response, score } of unit?.choice_question_scores ?? []) {
      const target = { ...anyQuestion.target, type: 'multiple-choice' as const, answer: gold };
      expect(scoreOf(response, { ...anyQuestion, target }).value, `${gold} / ${response}`).toBe(score);
    }
  });

  it('equals every reply shape on real questions', () => {
    expect(golden?.grid.length).toBeGreaterThan(400);
    for (const { group, q, output, parsed, score } of golden?.grid ?? []) {
      const question = questionAt.get(`${group} ${q}`) as SharedQuestion;
      const { value, answer } = scoreOf(output, question);
      const at = `${group} ${q}: ${output}`;
      if (score === null) expect(value, at).toBeNull();
      else expect(Math.abs((value ?? NaN) - score), at).toBeLessThan(1e-9);
      if (typeof parsed === 'string') expect(answer, at).toBe(parsed);
      else if (parsed !== null) {
        expect(comparable(readOpenReference(output).predictions), at).toEqual(goldenComparable(parsed));
      }
    }
  });

  it.each(['gpt-4o-mini', 'synthetic'] as const)('equals the whole run %s, letters drawn included', async (name) => {
    const run = golden?.runs[name];
    const replies = new Map(readSharedReplies().map(({ id, reply }) => [id, reply]));
    const results = (run?.samples ?? []).map(({ group, q, output }, i) => {
      const question = questionAt.get(`${group} ${q}`) as SharedQuestion;
      return resultOf(question, i, scoreOf(output ?? (replies.get(question.id) as string), question));
    });
    expect(results).toHaveLength(2000);
    const drawn = results.filter((result) => result.scores[scorerName]?.metadata?.['fallback'] === true);
    expect(drawn).toHaveLength(run?.samples.filter((sample) => sample.random_fallback === true).length ?? -1);
    // The order of the results must not matter: the stream follows groups and questions.
    const scored = await settled(results.toReversed());
    scored.reverse();
    for (const [i, result] of scored.entries()) {
      const sample = run?.samples[i];
      expect(Math.abs((valueOf(result) ?? NaN) - (sample?.score ?? NaN)), `${sample?.group} ${sample?.q}`).toBeLessThan(
        1e-9,
      );
    }
    expect(percent(scored)).toBe(run?.reference_aggregate.overall_percent);
    for (const [task, value] of Object.entries(run?.reference_aggregate.per_subtype_percent ?? {})) {
      expect(percent(scored.filter((result) => result.task === task)), task).toBe(value);
    }
    // What is stored can be settled again: nothing changes.
    expect(await settleReference(each(scored))).toEqual([]);
  });

  it('leaves a group at its first missing reply, as the damaged run shows', async () => {
    const run = golden?.robustness;
    const missing = new Set(['added_IEA_1 2', 'added_IEA_10 1', 'added_IEA_11 4']);
    const results = (run?.groups ?? []).flatMap((group, g) =>
      [1, 2, 3, 4].map((q) => {
        const question = questionAt.get(`${group} ${q}`) as SharedQuestion;
        const reply = `Answer: ${question.target.answer}`;
        return resultOf(question, g * 4 + q, missing.has(`${group} ${q}`) ? undefined : scoreOf(reply, question));
      }),
    );
    expect(results).toHaveLength(48);
    const scored = await settled(results);
    expect(scored.filter((result) => valueOf(result) !== null)).toHaveLength(run?.questions_counted ?? -1);
    expect(percent(scored)).toBe(run?.overall_percent);
    // The missing ones arrive: what was left out counts again.
    const mended = scored.map((result) => {
      const key = `${result.sampleId.replace(/_question_\d$/, '')} ${Number(result.sampleId.at(-1)) + 1}`;
      const question = questionAt.get(key) as SharedQuestion;
      return missing.has(key)
        ? resultOf(question, result.index, scoreOf(`Answer: ${question.target.answer}`, question))
        : result;
    });
    expect((await settled(mended)).filter((result) => valueOf(result) === 1)).toHaveLength(48);
  });

  it('orders the groups as the released code does', () => {
    const groups = [...new Set(questions.map(({ target }) => target.group))];
    expect(groups.toSorted().toSorted(naturalOrder)).toEqual(groups);
  });
});

/** The vectors write floats that are not finite as texts. */
function fromText(value: number | string, source: string): number | string {
  return typeof value === 'string' && /^(?:nan|-?inf)$/.test(value) && value === source
    ? value === 'nan'
      ? NaN
      : Infinity
    : value;
}
