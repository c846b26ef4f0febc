/** Whether two answers of a vote are one. Default: the same text. */
export type SameAnswer = (a: string, b: string) => boolean;

export interface MajorityOptions {
  /** How many of the answers vote, from the first. Default all. */
  readonly k?: number;
  /** Puts answers into classes: an answer joins the first class whose first member equals it. Default: same text. */
  readonly same?: SameAnswer;
  /** Weight of each answer, for weighted voting (`weights[i]` belongs to `answers[i]`). Default 1 each. */
  readonly weights?: readonly number[];
}

function checkK(name: string, k: number, n: number): void {
  if (!Number.isInteger(k) || k < 1 || k > n) throw new RangeError(`${name}: k is ${k}, and there are ${n} answers`);
}

/**
 * maj@k: index of the first answer of the most frequent (or heaviest) class among the first k; the class seen first wins
 * ties. Null answers (nothing was extracted) do not vote; null where none does.
 * @throws RangeError for k outside 1..n, or weights of another length.
 */
export function majority(answers: readonly (string | null)[], options: MajorityOptions = {}): number | null {
  const { k = answers.length, same, weights } = options;
  if (answers.length === 0) return null;
  checkK('majority', k, answers.length);
  if (weights !== undefined && weights.length !== answers.length) {
    throw new RangeError(`majority: ${weights.length} weights for ${answers.length} answers`);
  }
  const classes = new Map<string, { readonly first: number; weight: number }>();
  for (let i = 0; i < k; i++) {
    const answer = answers[i];
    if (answer === null || answer === undefined) continue;
    const weight = weights?.[i] ?? 1;
    let found = classes.get(answer);
    if (found === undefined && same !== undefined) {
      for (const [other, members] of classes) {
        if (same(other, answer)) {
          found = members;
          break;
        }
      }
    }
    if (found === undefined) classes.set(answer, { first: i, weight });
    else found.weight += weight;
  }
  let best: { readonly first: number; readonly weight: number } | undefined;
  for (const members of classes.values()) if (best === undefined || members.weight > best.weight) best = members;
  return best?.first ?? null;
}

/**
 * rm@k: index of the highest reward among the first k, the first one of equals. NaN never wins.
 * @throws RangeError for k outside 1..n.
 */
export function rewardMax(rewards: readonly number[], k: number = rewards.length): number | null {
  if (rewards.length === 0) return null;
  checkK('rewardMax', k, rewards.length);
  let best: number | null = null;
  for (let i = 0; i < k; i++) {
    const reward = rewards[i] as number;
    if (!Number.isNaN(reward) && (best === null || reward > (rewards[best] as number))) best = i;
  }
  return best;
}

/** pass@k over the first k: 1 where any of them is right, else 0. @throws RangeError for k outside 1..n. */
export function passAt(right: readonly boolean[], k: number = right.length): number {
  checkK('passAt', k, right.length);
  return right.slice(0, k).some(Boolean) ? 1 : 0;
}

/**
 * The unbiased estimate of pass@k from n answers of which c are right: 1 - C(n-c, k) / C(n, k) (Chen et al. 2021,
 * arXiv 2107.03374, equation 1).
 * @throws RangeError for k outside 1..n.
 */
export function passAtUnbiased(right: readonly boolean[], k: number): number {
  checkK('passAtUnbiased', k, right.length);
  const n = right.length;
  const wrong = n - right.filter(Boolean).length;
  if (wrong < k) return 1;
  let missed = 1;
  for (let i = 0; i < k; i++) missed *= (wrong - i) / (n - i);
  return 1 - missed;
}

/** mean@k: the share of right ones among the first k. @throws RangeError for k outside 1..n. */
export function meanAt(right: readonly boolean[], k: number = right.length): number {
  checkK('meanAt', k, right.length);
  return right.slice(0, k).filter(Boolean).length / k;
}
