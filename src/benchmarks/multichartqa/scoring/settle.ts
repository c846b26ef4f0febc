import type { SampleResult, Score, SettledScore } from '../../../core/index.ts';
import { createPythonRandom } from '../../../metrics/python/index.ts';
import { type ReferenceLetter, referenceLetters } from './reference/choice-reading.ts';
import { naturalOrder } from './reference/natural-order.ts';
import { choiceCredit } from './reference/score-reference.ts';
import { scorerName } from './scorer-name.ts';
import { chartTarget } from './target.ts';

/** What the released code seeds its random stream with, once a process. */
const referenceSeed = 42;

/** One result as far as other verdicts depend on it. */
interface Entry {
  readonly task: string;
  readonly sampleId: string;
  readonly epoch: number;
  readonly q: number;
  readonly failed: boolean;
  /** Gold of a choice question whose reply has no letter. */
  readonly undrawn?: string;
  readonly score: Score | undefined;
}

/**
 * Verdicts of `reference` that a reply alone does not decide. The released scorer goes through groups in natural order and
 * their questions 1 to 4, with one random stream seeded 42 for the letters that it does not find. At a missing or damaged
 * reply it leaves the group: that question and the rest of the group are in no denominator and draw nothing.
 * Every epoch is scored as a process of its own.
 */
export async function settleReference(results: AsyncIterable<SampleResult>): Promise<readonly SettledScore[]> {
  const epochs = new Map<number, Map<string, Entry[]>>();
  for await (const result of results) {
    const { group, q, answer } = chartTarget(result.target);
    const score = result.scores[scorerName];
    let groups = epochs.get(result.epoch);
    if (groups === undefined) epochs.set(result.epoch, (groups = new Map()));
    let entries = groups.get(group);
    if (entries === undefined) groups.set(group, (entries = []));
    entries.push({
      task: result.task,
      sampleId: result.sampleId,
      epoch: result.epoch,
      q,
      failed: result.status === 'failed',
      ...(score?.metadata?.['fallback'] === true && { undrawn: answer }),
      score,
    });
  }
  return [...epochs.values()].flatMap(settleProcess);
}

function settleProcess(groups: ReadonlyMap<string, readonly Entry[]>): SettledScore[] {
  const random = createPythonRandom(referenceSeed);
  const settled: SettledScore[] = [];
  for (const group of [...groups.keys()].toSorted(naturalOrder)) {
    const entries = (groups.get(group) as Entry[]).toSorted((a, b) => a.q - b.q);
    let missing: Entry | undefined;
    for (const entry of entries) {
      if (entry.failed) missing ??= entry;
      const score =
        missing !== undefined
          ? leftOut(entry, missing)
          : entry.undrawn !== undefined
            ? drawn(letterAt(random.choice(referenceLetters.length)), entry.undrawn)
            : withoutSettlement(entry.score);
      if (score === undefined || isSame(score, entry.score)) continue;
      const { task, sampleId, epoch } = entry;
      settled.push({ task, sampleId, epoch, scorer: scorerName, score });
    }
  }
  return settled;
}

/** The kept verdict of an earlier settlement, or the score as it is. */
function withoutSettlement(score: Score | undefined): Score | undefined {
  const kept = score?.metadata?.['unsettled'];
  // Written below from a score, read back from JSON.
  return kept === undefined ? score : (kept as unknown as Score);
}

function leftOut(entry: Entry, missing: Entry): Score {
  const own = withoutSettlement(entry.score);
  return {
    value: null,
    parsed: false,
    reason:
      entry === missing
        ? 'no usable reply: the reference leaves its group here'
        : 'left out by the reference: an earlier question of the group has no usable reply',
    explanation: `question ${missing.q} of the group has no usable reply`,
    metadata: {
      ...own?.metadata,
      ...(own !== undefined && entry.undrawn === undefined && { unsettled: JSON.parse(JSON.stringify(own)) }),
    },
  };
}

const letterAt = (place: number): ReferenceLetter => referenceLetters[place] as ReferenceLetter;

function drawn(letter: ReferenceLetter, answer: string): Score {
  return {
    value: choiceCredit(letter, answer),
    parsed: false,
    answer: letter,
    explanation: `no letter found: ${letter} drawn at random (seed ${referenceSeed}); gold ${answer}`,
    metadata: { fallback: true },
  };
}

function isSame(a: Score, b: Score | undefined): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
