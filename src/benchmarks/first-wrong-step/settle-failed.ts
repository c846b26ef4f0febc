import type { SettledScore, Settle } from '../../core/index.ts';
import type { StepCase } from './data/step-case.ts';

/**
 * Gives failed samples a verdict of their side: a harmonic mean of two accuracies cannot tell otherwise which of them a
 * sample without a reply belongs to, and would leave it out.
 */
export function settleFailed(byId: ReadonlyMap<string, StepCase>): Settle {
  return async (results) => {
    const settled: SettledScore[] = [];
    for await (const { task, sampleId, epoch, status } of results) {
      const one = byId.get(sampleId);
      if (status !== 'failed' || one === undefined) continue;
      const side = one.wrongStep === null ? 'right' : 'wrong';
      const counts = { [side]: 1, [`${side}-hit`]: 0 };
      const score = { value: 0, parsed: false, explanation: 'the sample failed', counts };
      settled.push({ task, sampleId, epoch, scorer: 'accuracy', score });
    }
    return settled;
  };
}
