import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelMeasures, UnlearningExperiment } from '../../report/index.ts';
import { sweepPoints, unlearningMarkdown, unlearningReport, unlearningTable } from '../../report/index.ts';
import type { ExperimentConfigInput } from './experiment-config.ts';
import { writeWhole } from './experiment-folder.ts';
import { type ExperimentEnd, type ExperimentOptions, runExperiment } from './run-experiment.ts';

/** Zero-shot accuracies on test items in percent, or recall at 10 of text queries where items have no classes. */
export interface ForgetRetain {
  readonly forget: number | null;
  readonly retain: number | null;
}

/** What a script reads: means over concepts and seeds. */
export interface UnlearningSummary {
  readonly before: ForgetRetain;
  /** Of CLIPErase with all three modules; of the last arm that was trained where that one was not asked for. */
  readonly after: ForgetRetain;
  /** Null figures where no model was trained anew. */
  readonly retrained: ForgetRetain;
  /** Path of the HTML report. */
  readonly report: string;
  /** Path of the experiment as JSON. */
  readonly results: string;
  readonly arms: Readonly<Record<string, ForgetRetain>>;
  /** CLIPErase over its loss weights, that of the recipe among them; empty where none were asked for. */
  readonly sweep: readonly (ForgetRetain & { readonly module: string; readonly weight: number })[];
  readonly models: ExperimentEnd['models'];
}

/** Runs an unlearning experiment and writes its report: `report.html`, `results.md`, `experiment.json` in `out`. */
export async function runUnlearning(
  config: ExperimentConfigInput,
  options: ExperimentOptions,
): Promise<ExperimentEnd & { readonly summary: UnlearningSummary; readonly table: string }> {
  await mkdir(options.out, { recursive: true });
  const end = await runExperiment(config, options);
  const { experiment } = end;
  const report = join(options.out, 'report.html');
  await writeWhole(report, unlearningReport(experiment));
  await writeWhole(join(options.out, 'results.md'), unlearningMarkdown(experiment));
  const arms = Object.fromEntries(experiment.arms.map(({ name }) => [name, forgetRetain(experiment, name)]));
  const none = { forget: null, retain: null };
  const after = arms['f+r+c'] ?? arms[experiment.arms.findLast(({ role }) => role !== 'gold-standard')?.name ?? ''];
  const summary: UnlearningSummary = {
    before: arms['original'] ?? none,
    after: after ?? none,
    retrained: arms['retrained'] ?? none,
    report,
    results: join(options.out, 'experiment.json'),
    arms,
    sweep: sweepPoints(experiment).map(({ module, weight, arm }) => ({ module, weight, ...(arms[arm] ?? none) })),
    models: end.models,
  };
  return { ...end, summary, table: unlearningTable(experiment) };
}

function forgetRetain({ outcomes }: UnlearningExperiment, arm: string): ForgetRetain {
  const measures = outcomes.filter((outcome) => outcome.arm === arm).map((outcome) => outcome.measures);
  return { forget: meanOf(measures, 'forget'), retain: meanOf(measures, 'retain') };
}

function meanOf(measures: readonly ModelMeasures[], side: 'forget' | 'retain'): number | null {
  const values = measures.flatMap(({ zeroShot, retrieval }) => {
    const accuracy = zeroShot?.[side];
    if (accuracy !== undefined) return accuracy.n === 0 ? [] : [(100 * accuracy.correct) / accuracy.n];
    const recall = retrieval?.textToImage[side].recall['10'];
    return recall === undefined ? [] : [100 * recall];
  });
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
