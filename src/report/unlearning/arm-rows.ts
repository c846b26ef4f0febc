import type { UnlearningExperiment } from './experiment.ts';
import type { ArmsSummary, ArmSummary } from './summarize-arms.ts';

export interface PublishedFigures {
  /** Percent. */
  readonly forget: number;
  readonly retain: number;
  readonly source: string;
}

/** Rows of the ablation in the order of the experiment: the untouched model, the modules switched on, the method. */
export const ablationRows = ({ arms }: ArmsSummary): ArmSummary[] =>
  arms.filter(({ arm: { role } }) => role === 'original' || role === 'ablation' || role === 'method');

/** The other ways of training, and the model retrained without the forget set last. */
export const baselineRows = ({ arms }: ArmsSummary): ArmSummary[] => [
  ...arms.filter(({ arm: { role } }) => role === 'baseline'),
  ...arms.filter(({ arm: { role } }) => role === 'gold-standard'),
];

/** Figures that a paper prints for an arm; the untouched model is also known as `none`. */
export function publishedOf(
  { published }: Pick<UnlearningExperiment, 'published'>,
  { arm }: ArmSummary,
): PublishedFigures | null {
  return published.find((row) => row.arm === arm.name || (arm.role === 'original' && row.arm === 'none')) ?? null;
}

export const sourcesOf = ({ published }: Pick<UnlearningExperiment, 'published'>): string[] => [
  ...new Set(published.map(({ source }) => source)),
];

/** "8 of 9": models that reach the targets, of all that were asked for; null for the untouched model. */
export function targetCount({
  arm,
  checks,
  missing,
}: ArmSummary): { readonly held: number; readonly of: number } | null {
  if (arm.role === 'original') return null;
  return { held: checks.filter(({ holds }) => holds).length, of: checks.length + missing.length };
}

/** How the intervals of these arms were made, in a sentence. */
export function intervalSentence(summary: ArmsSummary): string {
  const methods = new Set(
    summary.arms.flatMap(({ figures }) => Object.values(figures).flatMap((figure) => figure?.method ?? [])),
  );
  const n = summary.seeds.length;
  const parts: string[] = [];
  if (methods.has('student'))
    parts.push(`Student’s t over the means of ${n} seeds (each the mean over concepts, n = ${n})`);
  if (methods.has('wilson'))
    parts.push(
      `${methods.has('student') ? 'where all seeds agree exactly, ' : ''}Wilson over the test items of one seed, all concepts together`,
    );
  return parts.length === 0
    ? 'No intervals: there is nothing to judge spread by.'
    : `95 % intervals: ${parts.join('; ')}.`;
}
