import type { JsonValue } from '../../../core/index.ts';

export type QuestionType = 'open-ended' | 'multiple-choice';

/** A sample's `target`: the gold with what its scoring depends on. */
export interface ChartTarget {
  /** As released: parts joined with `;`, letters for choices, mojibake kept. */
  readonly answer: string;
  readonly type: QuestionType;
  /** The question as released. */
  readonly question: string;
  /** One of the eight names, `Direct_Questions/Structure`. */
  readonly task: string;
  readonly group: string;
  /** Place within the group, from 1. */
  readonly q: number;
}

/** The target of a sample of this benchmark. @throws RangeError for a sample of another one. */
export function chartTarget(target: JsonValue): ChartTarget {
  if (typeof target === 'object' && target !== null && !Array.isArray(target)) {
    const { answer, type, question, task, group, q } = target as Readonly<Record<string, JsonValue | undefined>>;
    if (
      typeof answer === 'string' &&
      (type === 'open-ended' || type === 'multiple-choice') &&
      typeof question === 'string' &&
      typeof task === 'string' &&
      typeof group === 'string' &&
      typeof q === 'number'
    ) {
      return { answer, type, question, task, group, q };
    }
  }
  throw new RangeError('The target is none of MultiChartQA: answer, type, question, task, group and q belong in it.');
}
