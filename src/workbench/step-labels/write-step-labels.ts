import type { Store } from '../../core/index.ts';
import { writeAtomically } from '../../report/index.ts';
import { labelRows, type RowChoice } from './label-rows.ts';

/** Text that is written at once. */
const flushCharacters = 1 << 20;

export interface WrittenLabels {
  readonly rows: number;
  /** Samples that gave at least one row. */
  readonly samples: number;
  /** Samples that failed, or whose replies held no steps. */
  readonly without: number;
  /** Beginnings that no answer was reached from, kept or not. */
  readonly leafless: number;
  /** Mean of the labels that are written; null without rows. */
  readonly meanAccuracy: number | null;
}

/**
 * Writes the labels of a run to a file of JSON Lines, whole or not at all.
 * @throws usage error where the file is there and `force` is not set; `cannot-write`
 */
export async function writeStepLabels(
  store: Store,
  runId: string,
  file: string,
  { force = false, ...choice }: RowChoice & { readonly force?: boolean },
): Promise<WrittenLabels> {
  return writeAtomically(file, { force }, async (handle) => {
    const counts = { rows: 0, samples: 0, without: 0, leafless: 0 };
    let sum = 0;
    let waiting = '';
    for await (const result of store.results(runId)) {
      const all = labelRows(result, { leafless: 'keep' });
      const rows = labelRows(result, choice);
      counts.leafless += all.filter((row) => row['leaves'] === 0).length;
      if (rows.length === 0) counts.without++;
      else counts.samples++;
      for (const row of rows) {
        counts.rows++;
        sum += row.accuracy;
        waiting += `${JSON.stringify(row)}\n`;
      }
      if (waiting.length < flushCharacters) continue;
      await handle.writeFile(waiting);
      waiting = '';
    }
    await handle.writeFile(waiting);
    return { ...counts, meanAccuracy: counts.rows === 0 ? null : sum / counts.rows };
  });
}
