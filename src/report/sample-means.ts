import type { TaskTally } from './task-tally.ts';

/** Samples of one figure, epochs averaged, with the unit that each is resampled in. */
export interface SampleMeans {
  /** Mean over the epochs of each sample. */
  readonly values: Float64Array;
  /** Unit of each sample, from 0: its group where it has one, else itself. */
  readonly units: Int32Array;
  readonly unitCount: number;
  /** Rows of each unit, for aggregates that need the scores. */
  readonly rowsOfUnit: () => readonly number[][];
  /** True when a unit holds more than one sample. */
  readonly clustered: boolean;
}

/**
 * Averages epochs within samples, so that asking the same question ten times does not narrow an interval.
 * `rows` are the tally's rows that carry a number (failed ones as 0).
 */
export function sampleMeans(tally: TaskTally, rows: Int32Array): SampleMeans {
  const order = sortedBySample(tally, rows);
  const values = new Float64Array(order.length);
  const units = new Int32Array(order.length);
  const unitOfKey = new Map<number, number>();
  const rowUnits = new Int32Array(order.length);
  let count = 0;
  for (let start = 0; start < order.length;) {
    const first = order[start] as number;
    const sample = tally.samples.at(first);
    let sum = 0;
    let end = start;
    while (end < order.length && tally.samples.at(order[end] as number) === sample) {
      sum += tally.values.at(order[end] as number);
      end++;
    }
    const group = tally.groups.at(first);
    const unit = group < 0 ? unitOfKey.size : (unitOfKey.get(group) ?? unitOfKey.size);
    // Samples without a group take keys that no group has.
    unitOfKey.set(group < 0 ? -1 - count : group, unit);
    values[count] = sum / (end - start);
    units[count] = unit;
    rowUnits.fill(unit, start, end);
    count++;
    start = end;
  }
  return {
    values: values.subarray(0, count),
    units: units.subarray(0, count),
    unitCount: unitOfKey.size,
    clustered: unitOfKey.size < count,
    rowsOfUnit: () => {
      const rowsOfUnit = Array.from({ length: unitOfKey.size }, (): number[] => []);
      for (let i = 0; i < order.length; i++) rowsOfUnit[rowUnits[i] as number]?.push(order[i] as number);
      return rowsOfUnit;
    },
  };
}

function sortedBySample(tally: TaskTally, rows: Int32Array): Int32Array {
  for (let i = 1; i < rows.length; i++) {
    if (tally.samples.at(rows[i - 1] as number) > tally.samples.at(rows[i] as number)) {
      return rows.toSorted((a, b) => tally.samples.at(a) - tally.samples.at(b) || a - b);
    }
  }
  return rows;
}
