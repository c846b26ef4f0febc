/** Training data of step verifiers, from the results of a run. */
export { labelRows, type LabelRow, type RowChoice } from './label-rows.ts';
export { writeStepLabels, type WrittenLabels } from './write-step-labels.ts';
