import type { RoundStep, SampleResult, TraceStep } from '../../core/index.ts';
import type { RoundFigures, RoundsFigures } from '../../report/index.ts';
import { type GradeText, isRight } from './grade-texts.ts';

const isRound = (step: TraceStep): step is RoundStep =>
  step.type === 'round' && typeof step['round'] === 'number' && typeof step['text'] === 'string';

/** Adds up how answers change from round to round; fed result by result, so that no run is held in memory. */
export class RoundsTally {
  #questions = 0;
  #firstRight = 0;
  readonly #whole = { rightBefore: 0, rightToWrong: 0, wrongBefore: 0, wrongToRight: 0 };
  /** Transitions into each round, from round 1 at place 0. */
  readonly #rounds: { questions: number; rightBefore: number; rightToWrong: number; wrongToRight: number }[] = [];

  async add(result: SampleResult, grade: GradeText): Promise<void> {
    const steps = result.trace.filter(isRound).toSorted((a, b) => a.round - b.round);
    if (steps.length === 0 || result.status === 'failed') return;
    const right: boolean[] = [];
    for (const { text } of steps) {
      const value = await grade(result.task, result.sampleId, text);
      if (value === null) return;
      right.push(isRight(value));
    }
    const first = right[0] === true;
    const end = Object.values(result.scores)[0]?.value ?? null;
    const ended = end === null ? right.at(-1) === true : isRight(end);
    this.#questions += 1;
    if (first) this.#firstRight += 1;
    if (first) this.#whole.rightBefore += 1;
    else this.#whole.wrongBefore += 1;
    if (first && !ended) this.#whole.rightToWrong += 1;
    if (!first && ended) this.#whole.wrongToRight += 1;
    for (let round = 1; round < right.length; round++) {
      const tally = (this.#rounds[round - 1] ??= { questions: 0, rightBefore: 0, rightToWrong: 0, wrongToRight: 0 });
      const [before, after] = [right[round - 1] === true, right[round] === true];
      tally.questions += 1;
      if (before) tally.rightBefore += 1;
      if (before && !after) tally.rightToWrong += 1;
      if (!before && after) tally.wrongToRight += 1;
    }
  }

  /** Undefined where no question had rounds that could be graded. */
  figures(): RoundsFigures | undefined {
    if (this.#questions === 0) return undefined;
    let rightNow = this.#firstRight;
    const rounds = this.#rounds.map((tally, i): RoundFigures => {
      rightNow += tally.wrongToRight - tally.rightToWrong;
      return { round: i + 1, ...tally, accuracy: rightNow / this.#questions };
    });
    return {
      questions: this.#questions,
      firstAccuracy: this.#firstRight / this.#questions,
      rounds,
      whole: { ...this.#whole },
    };
  }
}
