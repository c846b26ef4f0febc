import { type ProblemSet, problemSets } from './sets.ts';

export interface MathBenchmark {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** Undefined for the family: every set that the data has. */
  readonly set: ProblemSet | undefined;
}

/** The family, and each set by itself. */
export const mathBenchmarks: readonly MathBenchmark[] = [
  {
    name: 'math-word-problems',
    title: 'Mathematical problems',
    description: 'Word problems and competition problems: the eight sets of StepCo and their relatives together.',
    set: undefined,
  },
  ...problemSets.map((set) => ({ name: set.name, title: set.title, description: set.description, set })),
];
