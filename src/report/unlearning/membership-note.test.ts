import { expect, it } from 'vitest';
import { makeExperiment } from './__fixtures__/experiment.ts';
import { unlearningReport } from './unlearning-report.ts';

/** The note of a report whose arms have these AUCs, the same for every concept and seed unless a list over seeds is given. */
function noteOf(aucs: Readonly<Record<string, number | readonly number[]>>): string | undefined {
  const experiment = makeExperiment();
  const page = unlearningReport({
    ...experiment,
    outcomes: experiment.outcomes.map((outcome) => {
      const auc = aucs[outcome.arm] ?? 0.6;
      const value = typeof auc === 'number' ? auc : (auc[outcome.seed] ?? 0.6);
      return { ...outcome, measures: { ...outcome.measures, membershipAuc: value } };
    }),
  });
  return page
    .match(/<p class="muted small membership">(.*?)<\/p>/s)?.[1]
    ?.replaceAll(/<[^>]*>/g, '')
    .replaceAll(/\s+/g, ' ');
}

it('says nothing where no membership AUC is below 0.5', () => {
  expect(noteOf({})).toBeUndefined();
  expect(noteOf({ f: 0.4996 })).toBeUndefined();
});

it('says which arms are below, what it means and how much it tells', () => {
  const note = noteOf({ f: 0.42, 'gradient-ascent': 0.3 });
  expect(note).toContain('(Forgetting 0.420; Gradient ascent 0.300)');
  expect(note).toContain('0.300 tells as much as 0.700');
  expect(note).not.toContain('chance');
  expect(note).not.toContain('happen to match');
});

it('says where seeds disagree so much that it may be chance', () => {
  const note = noteOf({ f: [0.3, 0.7, 0.4], 'gradient-ascent': 0.3 });
  expect(note).toContain('gives none (Forgetting 0.467), it may be chance');
});

it('blames no unlearning for models that were not unlearned', () => {
  const note = noteOf({ retrained: 0.48 });
  expect(note).toContain('Retrained without forget set 0.480');
  expect(note).toContain('happen to match');
  expect(note).not.toContain('tells as much as');
});
