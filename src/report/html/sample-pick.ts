import type { SampleResult, Score } from '../../core/index.ts';

export const verdicts = ['failed', 'broken', 'unparsed', 'wrong', 'partial', 'not scored', 'right'] as const;
export type Verdict = (typeof verdicts)[number];

/** How a result ended, for a reader that looks for what went wrong. */
export function verdictOf(result: SampleResult, score: Score | undefined): Verdict {
  if (result.status === 'failed') return 'failed';
  if (score === undefined || score.value === null) return score?.broken === true ? 'broken' : 'not scored';
  if (!score.parsed) return 'unparsed';
  if (score.value <= 0) return 'wrong';
  return score.value >= 1 ? 'right' : 'partial';
}

export interface PickedSample {
  readonly result: SampleResult;
  readonly score: Score | undefined;
  readonly verdict: Verdict;
}

/**
 * Keeps a limited number of a run's results while they stream by: what went wrong before what went right,
 * and within a verdict a spread over the whole run rather than its beginning.
 */
export class SamplePicker {
  readonly counts: Record<Verdict, number> = Object.fromEntries(verdicts.map((verdict) => [verdict, 0])) as Record<
    Verdict,
    number
  >;
  readonly #limit: number;
  readonly #kept = new Map<Verdict, { order: number; picked: PickedSample }[]>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  get total(): number {
    return Object.values(this.counts).reduce((sum, count) => sum + count, 0);
  }

  add(result: SampleResult): void {
    const score = Object.values(result.scores)[0];
    const verdict = verdictOf(result, score);
    this.counts[verdict]++;
    const kept = this.#kept.get(verdict) ?? [];
    this.#kept.set(verdict, kept);
    kept.push({ order: spread(result.index * 31 + result.epoch), picked: { result, score, verdict } });
    if (kept.length >= 2 * this.#limit) kept.sort((a, b) => a.order - b.order).splice(this.#limit);
  }

  /** In the order of verdicts, then of the run. A fifth of the room is for what went right, where there is any. */
  pick(): PickedSample[] {
    const right = Math.min(this.counts.right, Math.ceil(this.#limit / 5));
    let room = this.#limit - right;
    const picked: PickedSample[] = [];
    for (const verdict of verdicts) {
      const kept = (this.#kept.get(verdict) ?? []).sort((a, b) => a.order - b.order);
      const share = verdict === 'right' ? room + right : room;
      const some = kept.slice(0, share).map((entry) => entry.picked);
      room -= some.length;
      picked.push(...some.sort((a, b) => a.result.index - b.result.index || a.result.epoch - b.result.epoch));
    }
    return picked;
  }
}

/** A fixed shuffle of integers (the finaliser of MurmurHash3), so that the same run gives the same report. */
function spread(value: number): number {
  let mixed = value | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
