import { fairBinomialLowerTail } from '../../metrics/statistics/binomial.ts';

export const stopRuleNames = ['none', 'certain', 'beta', 'dirichlet'] as const;
export type StopRuleName = (typeof stopRuleNames)[number];

/** Says whether the vote may end: votes by answer in the order in which answers first came, and paths still to come. */
export type StopRule = (votes: readonly number[], remaining: number) => boolean;

/** Place of the answer that leads; -1 where none has votes. Of equals, the first. */
const leaderOf = (votes: readonly number[]): number =>
  votes.reduce((best, count, i) => (best === -1 || count > (votes[best] as number) ? i : best), -1);

/** Whatever the remaining paths say, the leader wins; ties go to the answer that came first. Never changes the answer. */
export const leaderIsCertain: StopRule = (votes, remaining) => {
  const leader = leaderOf(votes);
  const lead = votes[leader];
  if (lead === undefined || remaining > lead) return remaining === 0;
  return votes.every((count, i) => i === leader || (i < leader ? count + remaining < lead : count + remaining <= lead));
};

/**
 * Chance that the leader is the likelier of the two foremost answers, each of unknown probability with a flat prior:
 * P(p > 1/2) under Beta(first + 1, second + 1), exact, as a tail of fair coins.
 * Source: Aggarwal et al., "Let's Sample Step by Step: Adaptive-Consistency for Efficient Reasoning and Coding with
 * LLMs" (2023), the Beta criterion; their level is 0.95.
 */
export function betaConfidence(votes: readonly number[]): number {
  const [first = 0, second = 0] = votes.toSorted((a, b) => b - a);
  return first === 0 ? 0 : 1 - fairBinomialLowerTail(second, first + second + 1);
}

/** Of Simpson's rule; errors are below 1e-6. */
const integrationSteps = 1000;

/**
 * Chance that the leader is the likeliest of all answers, under a Dirichlet distribution with a flat prior over the
 * answers seen and one that was not seen yet. By integration over the leader's gamma variable.
 * Source: as for Beta, their Dirichlet criterion; the unseen answer is ours, without it a single vote would be certain.
 */
export function dirichletConfidence(votes: readonly number[]): number {
  const leader = leaderOf(votes);
  if (leader === -1) return 0;
  const shape = (votes[leader] as number) + 1;
  const others = [...votes.filter((_, i) => i !== leader).map((count) => count + 1), 1];
  const width = 12 * Math.sqrt(shape) + 30;
  const [from, to] = [Math.max(0, shape - width), shape + width];
  const step = (to - from) / integrationSteps;
  let sum = 0;
  for (let i = 0; i <= integrationSteps; i++) {
    const x = from + i * step;
    const weight = i === 0 || i === integrationSteps ? 1 : i % 2 === 1 ? 4 : 2;
    const density = gammaDensity(shape, x);
    if (density > 0) sum += weight * others.reduce((product, other) => product * gammaBelow(other, x), density);
  }
  return Math.min(1, (sum * step) / 3);
}

/** log (k - 1)!, k a whole number. */
const logFactorials: number[] = [0, 0];
function logGamma(k: number): number {
  for (let i = logFactorials.length; i <= k; i++) {
    logFactorials.push((logFactorials[i - 1] as number) + Math.log(i - 1));
  }
  return logFactorials[k] as number;
}

/** Density of a gamma variable of whole shape and scale 1. */
function gammaDensity(shape: number, x: number): number {
  if (x <= 0) return shape === 1 && x === 0 ? 1 : 0;
  return Math.exp((shape - 1) * Math.log(x) - x - logGamma(shape));
}

/** P(X <= x) of a gamma variable of whole shape and scale 1: fewer than `shape` events of a Poisson process are excluded. */
function gammaBelow(shape: number, x: number): number {
  if (x <= 0) return 0;
  let fewer = 0;
  for (let events = 0; events < shape; events++) fewer += gammaDensity(events + 1, x);
  return Math.max(0, 1 - fewer);
}

/** The rule of that name; `confidence` is the level of the statistical ones. */
export function stopRule(name: StopRuleName, confidence: number): StopRule {
  if (name === 'none') return (_, remaining) => remaining === 0;
  if (name === 'certain') return leaderIsCertain;
  const chance = name === 'beta' ? betaConfidence : dirichletConfidence;
  return (votes, remaining) => remaining === 0 || chance(votes) >= confidence;
}

/**
 * How many paths to ask for at once: the fewest after which the rule could hold, if all of them agreed with the leader.
 * No path is asked for that drawing one by one would have spared, and far fewer turns are waited for.
 */
export function pathsUntilStop(rule: StopRule, votes: readonly number[], remaining: number): number {
  const leader = Math.max(0, leaderOf(votes));
  const holds = (more: number): boolean =>
    rule(
      votes.length === 0 ? [more] : votes.map((count, i) => (i === leader ? count + more : count)),
      remaining - more,
    );
  let [low, high] = [1, remaining];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
