/** Answers to mathematical questions: extraction, graders, and the votes over several answers. */
export type { MathGrade } from './grade.ts';
export { extractMathAnswer, type ExtractOptions } from './extract.ts';
export { gradeStrict, choiceTexts, type AnswerKind, type StrictOptions } from './strict.ts';
export { gradePrm800k } from './prm800k.ts';
export { evaluatePythonExpression } from './python-expression.ts';
export { PythonError, type PythonValue } from './python-value.ts';
export {
  gradeReference,
  readReference,
  referenceClose,
  type ReferenceGrade,
  type ReferenceReading,
} from './reference.ts';
export {
  majority,
  meanAt,
  passAt,
  passAtUnbiased,
  rewardMax,
  type MajorityOptions,
  type SameAnswer,
} from './voting.ts';
