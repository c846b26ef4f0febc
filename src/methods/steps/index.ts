/** Replies as reasoning steps: cut, put together, asked for. */
export { finalAnswer } from './final-answer.ts';
export { mergeRevision } from './merge-revision.ts';
export { parseSteps, stepPath, stepsToVerify } from './parse-steps.ts';
export { continuePrompt, questionText, stepPrompt, withInstruction } from './prompts.ts';
export { renderSteps, renderTags } from './render-steps.ts';
export { maxSteps, type StepPath } from './step-path.ts';
