import { createRandom } from '../../core/index.ts';
import type { Chart, Question } from './data/question.ts';
import type { ChartOptions } from './options.ts';
import { categoryOf } from './vocabulary.ts';

/** A question as it is put: which charts, in which order, under which words. */
export interface ShownQuestion {
  readonly words: string;
  readonly charts: readonly Chart[];
}

const ordinals = ['first', 'second', 'third'] as const;
const chartReference = /\b(first|second|third) chart\b/gi;
/** Tries at an order that is not the data's own; with two charts half of them are. */
const shuffles = 64;

/** Applies the controls `chart=only-referenced` and `shuffle=charts`. */
export function shownQuestion(question: Question, { onlyReferenced, shuffle }: ChartOptions): ShownQuestion {
  if (onlyReferenced && categoryOf(question.task) === 'Direct') {
    const named = namedCharts(question.question);
    const [place] = named;
    const chart = place === undefined ? undefined : question.charts[place];
    if (named.length === 1 && chart !== undefined) {
      return {
        words: question.question.replace(/\bthe (?:first|second|third) chart\b/gi, 'the chart'),
        charts: [chart],
      };
    }
  }
  return {
    words: question.question,
    charts: shuffle === undefined ? question.charts : otherOrder(question.charts, `${shuffle}\n${question.group}`),
  };
}

/** Places of the charts that a question names by number, each once. */
export function namedCharts(question: string): number[] {
  const found = Array.from(question.matchAll(chartReference), ([, word = '']) =>
    ordinals.findIndex((ordinal) => ordinal === word.toLowerCase()),
  );
  return [...new Set(found)];
}

/** An order drawn evenly from all but the given one, the same for all questions of a group. */
function otherOrder(charts: readonly Chart[], seed: string): readonly Chart[] {
  if (charts.length < 2) return charts;
  const random = createRandom(seed);
  for (let i = 0; i < shuffles; i++) {
    const shuffled = random.shuffle(charts);
    if (shuffled.some((chart, place) => chart !== charts[place])) return shuffled;
  }
  return charts.toReversed();
}
