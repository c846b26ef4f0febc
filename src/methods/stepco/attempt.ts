import type { RoundStep } from '../../core/index.ts';
import type { StepPath } from '../steps/index.ts';
import type { RoundTokens } from './metered-models.ts';

/** One path with what the verifier says of it. */
export interface Attempt {
  readonly path: StepPath;
  /** One a step; empty for a path without steps. */
  readonly scores: readonly number[];
  readonly pathScore: number;
  /** 0-based, null where no step is low. */
  readonly low: number | null;
  /** Steps kept from the path before. */
  readonly frozen: number;
  /** How the path differs from the one before; null for the first. */
  readonly change: { readonly from: number; readonly removed: number; readonly added: number } | null;
  readonly tokens: RoundTokens;
}

/**
 * A round for the trace: the path of this round step by step, and what the method would answer if it ended here.
 * Steps and `low` are counted from 1.
 */
export function attemptStep(
  round: number,
  { path, scores, pathScore, low, frozen, change, tokens }: Attempt,
  ending: { readonly text: string; readonly answer: string | null },
  theta: number,
): RoundStep {
  const spent = (kind: keyof RoundTokens): { [field: string]: number } => ({ ...tokens[kind] });
  return {
    type: 'round',
    round,
    ...ending,
    pathAnswer: path.answer,
    pathScore,
    theta,
    low: low === null ? null : low + 1,
    steps: path.steps.map((text, i) => ({
      step: i + 1,
      score: scores[i] ?? null,
      state: i === low ? 'low' : i < frozen ? 'kept' : 'new',
      text,
    })),
    ...(path.tail === '' ? {} : { tail: path.tail }),
    change: change === null ? null : { ...change, from: change.from + 1 },
    tokens: { solver: spent('solver'), verifier: spent('verifier') },
  };
}
