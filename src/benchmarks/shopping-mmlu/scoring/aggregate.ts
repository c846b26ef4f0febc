import { type Aggregate, FettleError, type Score } from '../../../core/index.ts';
import { microF1 } from '../../../metrics/index.ts';
import type { Metric, Mode } from '../vocabulary.ts';
import type { EntityCounts } from './entity-counts.ts';

/** Counts of all samples together. */
function summed(scores: readonly Score[]): EntityCounts {
  const sum = { tp: 0, fp: 0, fn: 0 };
  for (const { counts } of scores) {
    sum.tp += counts?.['tp'] ?? 0;
    sum.fp += counts?.['fp'] ?? 0;
    sum.fn += counts?.['fn'] ?? 0;
  }
  return sum;
}

function referenceF1({ tp, fp, fn }: EntityCounts, mode: Mode): number {
  if (tp + fp === 0 || tp + fn === 0) {
    if (mode === 'reference-kdd') return 0;
    const what = tp + fp === 0 ? 'no phrase was predicted' : 'no phrase is gold';
    throw new FettleError(`The reference dies of a ZeroDivisionError: ${what} in the whole task.`, {
      code: 'reference-crash',
      hint: 'Mode strict counts this as F1 0.',
    });
  }
  const precision = tp / (tp + fp);
  const recall = tp / (tp + fn);
  return precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
}

/**
 * How a task's figure comes from its samples: micro-F1 from summed counts, else the mean (undefined here).
 * A task that mixes micro-F1 with other metrics is a mean in strict mode; the references die of it.
 */
export function taskAggregate(metrics: ReadonlySet<Metric>, mode: Mode): Aggregate | undefined {
  if (!metrics.has('micro f1')) return undefined;
  if (metrics.size > 1) {
    if (mode === 'strict') return undefined;
    return {
      name: 'micro F1',
      compute() {
        throw new FettleError('The reference dies of a TypeError: the task mixes micro f1 with other metrics.', {
          code: 'reference-crash',
          hint: 'Mode strict takes the mean.',
        });
      },
    };
  }
  return {
    name: 'micro F1',
    compute: (scores) => (mode === 'strict' ? microF1(summed(scores)).f1 : referenceF1(summed(scores), mode)),
  };
}
