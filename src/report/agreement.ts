import type { SampleResult, Score } from '../core/index.ts';
import { raterAgreement } from '../metrics/index.ts';
import { escapeTerminal } from './escape-terminal.ts';
import { formatInteger, formatPercent, formatScore } from './format.ts';
import { type Growable, growableIntegers } from './growable.ts';

/** How far a further scorer agrees with the tasks' own verdicts, full credit against all else. */
export interface Agreement {
  /** Cohen's kappa, null where one of both never changes its verdict. */
  readonly kappa: number | null;
  /** 95 %, by a bootstrap of whole groups; null where nothing can be said. */
  readonly interval: readonly [low: number, high: number] | null;
  /** Share of results with the same verdict. */
  readonly agreement: number | null;
  /** Results with a verdict of both. */
  readonly n: number;
}

interface Columns {
  readonly own: Growable<Int32Array>;
  readonly other: Growable<Int32Array>;
  readonly clusters: Growable<Int32Array>;
}

/** Verdicts of all scorers after the first, beside the first's: twelve bytes a result and scorer. */
export class AgreementTally {
  readonly #scorers = new Map<string, Columns>();
  readonly #groups = new Map<string, number>();

  /** @param score that of the task's first scorer. */
  add(result: SampleResult, score: Score | undefined): void {
    if (score === undefined || score.value === null) return;
    for (const name in result.scores) {
      const other = result.scores[name];
      if (other === undefined || other === score || other.value === null) continue;
      let columns = this.#scorers.get(name);
      if (columns === undefined) {
        columns = { own: growableIntegers(), other: growableIntegers(), clusters: growableIntegers() };
        this.#scorers.set(name, columns);
      }
      columns.own.push(Number(score.value >= 1));
      columns.other.push(Number(other.value >= 1));
      columns.clusters.push(this.#cluster(result));
    }
  }

  /** Samples without a group are clusters of their own, all epochs of one together. */
  #cluster({ group, task, sampleId }: SampleResult): number {
    const key = group === undefined ? `\0${task}\0${sampleId}` : group;
    const known = this.#groups.get(key) ?? this.#groups.size;
    this.#groups.set(key, known);
    return known;
  }

  /** By scorer, in the order of first appearance. */
  list(): Record<string, Agreement> {
    const found: Record<string, Agreement> = Object.create(null);
    for (const [name, { own, other, clusters }] of this.#scorers) {
      const { kappa, low, high, agreement, n } = raterAgreement(own.view(), other.view(), {
        clusters: clusters.view(),
        seed: `agreement ${name}`,
      });
      found[name] = { kappa, interval: low === null || high === null ? null : [low, high], agreement, n };
    }
    return found;
  }
}

/** One sentence a scorer, for the summary's notes. */
export function agreementNotes(agreements: Readonly<Record<string, Agreement>>): string[] {
  return Object.entries(agreements).map(([name, { kappa, interval, agreement, n }]) => {
    const range = interval === null ? '' : ` (95 %: ${formatScore(interval[0])} to ${formatScore(interval[1])})`;
    const words = kappa === null ? "Cohen's kappa cannot be told" : `Cohen's kappa ${formatScore(kappa)}${range}`;
    return `full credit by "${escapeTerminal(name)}" agrees with the table's scorer on ${formatPercent(agreement)} of ${formatInteger(n)} results: ${words}`;
  });
}
