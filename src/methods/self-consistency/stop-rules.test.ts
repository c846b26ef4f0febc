import { describe, expect, it } from 'vitest';
import { createRandom } from '../../core/index.ts';
import { betaConfidence, dirichletConfidence, leaderIsCertain, pathsUntilStop, stopRule } from './stop-rules.ts';
import { majority } from './vote.ts';

/** Every way in which the remaining paths could vote: for one of the answers, for a new one, or not at all. */
function* endings(answers: readonly (string | null)[], remaining: number): Generator<readonly (string | null)[]> {
  if (remaining === 0) return yield answers;
  const known = [...new Set(answers.filter((answer) => answer !== null))];
  for (const next of [...known, `new${answers.length}`, null]) yield* endings([...answers, next], remaining - 1);
}

const winnerOf = (answers: readonly (string | null)[]): string | null | undefined => {
  const { winner } = majority(answers.map((answer) => ({ answer })));
  return winner === undefined ? undefined : answers[winner];
};

describe('leaderIsCertain', () => {
  it('holds exactly when no ending changes the winner', () => {
    const random = createRandom('certain');
    let held = 0;
    for (let round = 0; round < 400; round++) {
      const drawn = Array.from({ length: 1 + random.integer(5) }, () => 'abc'[random.integer(4)] ?? null);
      const remaining = random.integer(4);
      const votes = [...majority(drawn.map((answer) => ({ answer }))).votes.values()];
      const now = winnerOf(drawn);
      const same = [...endings(drawn, remaining)].every((ending) => winnerOf(ending) === now);
      expect(leaderIsCertain(votes, remaining), `${drawn.join()} and ${remaining} more`).toBe(same);
      if (same) held += 1;
    }
    expect(held).toBeGreaterThan(50);
  });
});

describe('confidence', () => {
  it('of the Beta rule is the tail of fair coins', () => {
    expect(betaConfidence([])).toBe(0);
    expect(betaConfidence([1])).toBeCloseTo(3 / 4, 12);
    expect(betaConfidence([3])).toBeCloseTo(15 / 16, 12);
    expect(betaConfidence([4])).toBeCloseTo(31 / 32, 12);
    // P(Bin(4, 1/2) <= 2) = 11/16
    expect(betaConfidence([1, 2])).toBeCloseTo(11 / 16, 12);
    expect(betaConfidence([2, 2])).toBeCloseTo(1 / 2, 12);
  });

  it('of the Dirichlet rule is what draws from it say', () => {
    expect(dirichletConfidence([])).toBe(0);
    // One answer seen k times and one unseen: Beta(k + 1, 1) above one half.
    expect(dirichletConfidence([1])).toBeCloseTo(3 / 4, 6);
    expect(dirichletConfidence([5])).toBeCloseTo(1 - 2 ** -6, 6);
    const random = createRandom('dirichlet');
    for (const votes of [
      [3, 1, 1],
      [2, 2],
      [7, 4, 1, 1],
    ]) {
      const shapes = [...votes.map((count) => count + 1), 1];
      let greatest = 0;
      const draws = 40_000;
      for (let i = 0; i < draws; i++) {
        const [leader, ...others] = shapes.map((shape) => {
          let sum = 0;
          for (let j = 0; j < shape; j++) sum -= Math.log(1 - random.next());
          return sum;
        });
        if (others.every((other) => other < (leader as number))) greatest += 1;
      }
      expect(Math.abs(dirichletConfidence(votes) - greatest / draws)).toBeLessThan(0.012);
    }
  });

  it('of many votes is a number between 0 and 1', () => {
    for (const votes of [[1000], [600, 400], [501, 499, 1], Array.from({ length: 40 }, () => 25)]) {
      for (const chance of [betaConfidence(votes), dirichletConfidence(votes)]) {
        expect(chance).toBeGreaterThanOrEqual(0);
        expect(chance).toBeLessThanOrEqual(1);
      }
    }
  });
});

describe('pathsUntilStop', () => {
  it('asks for all paths without a rule and for a bare majority with certainty', () => {
    expect(pathsUntilStop(stopRule('none', 0.95), [], 10)).toBe(10);
    expect(pathsUntilStop(stopRule('certain', 0.95), [], 10)).toBe(5);
    expect(pathsUntilStop(stopRule('certain', 0.95), [], 9)).toBe(5);
    expect(pathsUntilStop(stopRule('beta', 0.95), [], 40)).toBe(4);
  });

  it('never asks for a path that drawing one by one would have spared', () => {
    const random = createRandom('waves');
    for (const name of ['certain', 'beta', 'dirichlet'] as const) {
      const rule = stopRule(name, 0.9);
      for (let round = 0; round < 60; round++) {
        const n = 1 + random.integer(12);
        const says = Array.from({ length: n }, () => 'aaabc'[random.integer(5)] ?? null);
        const votesOf = (count: number): number[] => [
          ...majority(says.slice(0, count).map((answer) => ({ answer }))).votes.values(),
        ];
        let alone = 1;
        while (alone < n && !rule(votesOf(alone), n - alone)) alone += 1;
        let waves = 0;
        do waves += pathsUntilStop(rule, votesOf(waves), n - waves);
        while (waves < n && !rule(votesOf(waves), n - waves));
        expect(waves).toBe(alone);
      }
    }
  });
});
