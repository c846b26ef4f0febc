import { formatPercent } from '../format.ts';
import type { CallFigures, MethodFigures } from './methods-comparison.ts';

const tokensOf = ({ inputTokens, outputTokens }: CallFigures): number => inputTokens + outputTokens;

/** Tokens of one method by who spent them. */
export interface TokenSplit {
  readonly prompt: number;
  readonly completion: number;
  readonly verifier: number;
  /** Judges and encoders. */
  readonly other: number;
}

export function tokenSplit({ usage: { roles } }: Pick<MethodFigures, 'usage'>): TokenSplit {
  let other = 0;
  for (const [role, figures] of Object.entries(roles)) {
    if (role !== 'main' && role !== 'verifier') other += tokensOf(figures);
  }
  const { main, verifier } = roles;
  return {
    prompt: main?.inputTokens ?? 0,
    completion: main?.outputTokens ?? 0,
    verifier: verifier === undefined ? 0 : tokensOf(verifier),
    other,
  };
}

/** `3 of 40 (7.5 %)`. */
export const shareText = (count: number, of: number): string =>
  of === 0 ? '—' : `${count} of ${of} (${formatPercent(count / of)})`;

export const allNotes = {
  shared:
    'Tokens, calls, time and money are as if each method had run alone: answers that an earlier method had paid for count in full. Paid is what was asked for in this comparison.',
  alone: 'No answers were shared between methods.',
  time: 'Time is the sum of what the calls took when they were made, without waiting for a place at the endpoint; wall is the clock of the run.',
  front: 'An asterisk marks methods that no other beats at the same or fewer tokens.',
} as const;
