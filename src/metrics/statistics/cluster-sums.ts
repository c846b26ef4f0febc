import { requireSameLength } from './mean.ts';

/** The sums of every column over each cluster: all that resampling needs. */
export interface ClusterSums {
  /** One list a column, one entry a cluster, in order of first appearance. */
  readonly columns: readonly Float64Array[];
  readonly clusters: number;
  /** Sum of each column over everything. */
  readonly totals: Float64Array;
  /** Samples. */
  readonly n: number;
}

/**
 * Sums columns by cluster; without labels every sample is its own cluster. Resampling then costs one addition a cluster
 * and column instead of one a sample.
 * @throws RangeError where columns are missing, differ in length, or hold what is not finite.
 */
export function clusterSums(
  columns: readonly ArrayLike<number>[],
  labels: ArrayLike<string | number> | undefined,
  name: string,
): ClusterSums {
  const [first] = columns;
  if (first === undefined) throw new RangeError(`${name}: no columns`);
  const n = first.length;
  const clusterOf = new Uint32Array(n);
  const known = new Map<string | number, number>();
  if (labels !== undefined) requireSameLength(first, labels, name);
  for (let i = 0; i < n; i++) {
    if (labels === undefined) {
      clusterOf[i] = i;
      continue;
    }
    const label = labels[i] as string | number;
    const cluster = known.get(label) ?? known.size;
    known.set(label, cluster);
    clusterOf[i] = cluster;
  }
  const clusters = labels === undefined ? n : known.size;
  const totals = new Float64Array(columns.length);
  const sums = columns.map((column, k) => {
    requireSameLength(first, column, name);
    const own = new Float64Array(clusters);
    for (let i = 0; i < n; i++) {
      const value = column[i] as number;
      if (!Number.isFinite(value)) throw new RangeError(`${name}: value ${i} is ${String(value)}, not a finite number`);
      const cluster = clusterOf[i] as number;
      own[cluster] = (own[cluster] as number) + value;
      totals[k] = (totals[k] as number) + value;
    }
    return own;
  });
  return { columns: sums, clusters, totals, n };
}
