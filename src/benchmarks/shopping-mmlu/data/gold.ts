import type { JsonValue } from '../../../core/index.ts';
import type { Metric } from '../vocabulary.ts';
import type { Gold } from './question.ts';

/** A gold answer, or what is wrong with it. */
export type ReadGold = { readonly gold: Gold } | { readonly fault: string };

/**
 * The gold answer of a row. Choice: an integer from 0; retrieval: one or more integers from 1; ranking: a number
 * from 0 for each candidate; entities: a list of texts; generation: a text, for similarity also a list of texts.
 */
export function readGold(metric: Metric, value: JsonValue | undefined): ReadGold {
  if (value === undefined || value === null) return { fault: 'there is no gold answer' };
  switch (metric) {
    case 'accuracy': {
      const option = typeof value === 'string' && /^\s*\d+\s*$/.test(value) ? Number(value) : value;
      return isInteger(option, 0) ? { gold: { metric, option } } : wrong('the number of an option', value);
    }
    case 'hit rate@3':
      return isListOf(value, (item) => isInteger(item, 1))
        ? { gold: { metric, items: value as number[] } }
        : wrong('a list of one or more numbers from 1', value);
    case 'ndcg':
      return isListOf(value, (item) => typeof item === 'number' && Number.isFinite(item) && item >= 0)
        ? { gold: { metric, weights: value as number[] } }
        : wrong('a list of weights, one for each candidate', value);
    case 'micro f1':
      return Array.isArray(value) && value.every((item) => typeof item === 'string')
        ? { gold: { metric, entities: value } }
        : wrong('a list of texts', value);
    case 'rougel':
    case 'bleu':
    case 'jp-bleu':
      return typeof value === 'string' ? { gold: { metric, text: value } } : wrong('a text', value);
    case 'sent-transformer':
    case 'multilingual-sent-transformer':
      if (typeof value === 'string') return { gold: { metric, texts: [value] } };
      return isListOf(value, (item) => typeof item === 'string')
        ? { gold: { metric, texts: value as string[] } }
        : wrong('a text or a list of texts', value);
  }
}

function isInteger(value: unknown, least: number): value is number {
  return Number.isSafeInteger(value) && (value as number) >= least;
}

function isListOf(value: JsonValue, holds: (item: JsonValue) => boolean): boolean {
  return Array.isArray(value) && value.length > 0 && value.every(holds);
}

function wrong(wanted: string, value: JsonValue): { fault: string } {
  const text = JSON.stringify(value) ?? String(value);
  return { fault: `the gold answer must be ${wanted}, this is ${text.length > 60 ? `${text.slice(0, 57)}...` : text}` };
}

/** The gold answer as samples carry it: the shape that the data has. */
export function goldValue(gold: Gold): JsonValue {
  switch (gold.metric) {
    case 'accuracy':
      return gold.option;
    case 'hit rate@3':
      return gold.items;
    case 'ndcg':
      return gold.weights;
    case 'micro f1':
      return gold.entities;
    case 'rougel':
    case 'bleu':
    case 'jp-bleu':
      return gold.text;
    default:
      return gold.texts.length === 1 ? (gold.texts[0] as string) : gold.texts;
  }
}
