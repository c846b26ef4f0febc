import type { Sample, Task } from '../../core/index.ts';
import type { LoadedProblems } from './data/load.ts';
import { goldText, type Problem } from './data/problem.ts';
import type { MathMode } from './modes.ts';
import type { MathOptions, PromptName } from './options.ts';
import { type Example, examplesFrom, letterOf, promptOf, questionOf } from './prompts.ts';
import { accuracyScorer } from './scorers.ts';
import type { ProblemSet } from './sets.ts';

/** New tokens: the answer alone, or a solution; competition problems take long ones. */
function tokenBudget({ kind }: ProblemSet, prompt: PromptName): number {
  if (prompt === 'direct') return kind === 'latex' ? 96 : 24;
  return kind === 'latex' ? 2048 : 1024;
}

export interface TaskContext {
  readonly mode: MathMode;
  readonly options: MathOptions;
  readonly examples: ReadonlyMap<ProblemSet, readonly Example[]>;
}

/** A task a set, in the order of the sets. */
export function tasksOf(bySet: LoadedProblems['bySet'], context: TaskContext): Task[] {
  let position = 0;
  return [...bySet].map(([set, problems]) => {
    const start = position;
    position += problems.length;
    return taskOf(set, problems, start, context);
  });
}

function taskOf(set: ProblemSet, problems: readonly Problem[], start: number, context: TaskContext): Task {
  const { mode, options, examples } = context;
  const byId = new Map(problems.map((problem) => [problem.id, problem]));
  const shown = examples.get(set) ?? [];
  return {
    name: set.name,
    size: problems.length,
    *samples() {
      for (const [i, problem] of problems.entries()) yield sampleOf(problem, set, start + i, options, shown);
    },
    scorers: [accuracyScorer(set, byId, mode)],
    generation: { temperature: 0, maxTokens: tokenBudget(set, options.prompt) },
    labels: { family: set.ofStepco ? 'StepCo' : 'relatives', kind: set.kind, metric: 'accuracy' },
  };
}

function sampleOf(
  problem: Problem,
  set: ProblemSet,
  position: number,
  { prompt, shots }: MathOptions,
  examples: readonly Example[],
): Sample {
  const others = examples.filter(({ question }) => question !== problem.question).slice(0, shots);
  return {
    id: problem.id,
    input: promptOf(problem, set, prompt, others),
    target: goldText(problem),
    ...(problem.options !== undefined && { choices: problem.options.map((_, i) => letterOf(i)) }),
    ...(problem.group !== undefined && { group: problem.group }),
    labels: { set: set.name, ...problem.labels },
    position,
    metadata: {
      question: questionOf(problem),
      kind: set.kind,
      ...(problem.options !== undefined && { options: [...problem.options] }),
      file: problem.file,
      line: problem.line,
    },
  };
}

/** One more than is shown: a question that is itself an example is left out of its own prompt. */
export function usedExamples(problems: readonly Problem[], shots: number): Example[] {
  return examplesFrom(problems, shots + 1);
}
