import type { SampleResult, SettledScore } from '../../../core/index.ts';

/** Verdicts of `reference` that depend on other samples: seeded random letters, groups cut off by a missing reply. */
export async function settleReference(_results: AsyncIterable<SampleResult>): Promise<readonly SettledScore[]> {
  return [];
}
