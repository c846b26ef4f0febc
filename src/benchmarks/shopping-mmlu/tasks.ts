import type { Sample, Task } from '../../core/index.ts';
import { type Choices, choiceLabels, choicesOf } from './choices.ts';
import { goldValue } from './data/gold.ts';
import type { Question } from './data/question.ts';
import { tokenBudget } from './budgets.ts';
import { detectLanguage } from './language.ts';
import type { ShoppingOptions } from './options.ts';
import { promptOf } from './prompts.ts';
import { taskAggregate } from './scoring/aggregate.ts';
import { createScorer, type Prepared } from './scoring/scorer.ts';
import { compareSkills } from './skills.ts';
import type { Mode } from './vocabulary.ts';

interface Placed {
  readonly question: Question;
  /** Place in the data. */
  readonly position: number;
}

/** The tasks that the data names, by skill and then in the data's order. */
export function tasksOf(questions: readonly Question[], mode: Mode, options: ShoppingOptions): Task[] {
  const bySkill = Map.groupBy(
    questions.map((question, position): Placed => ({ question, position })),
    ({ question }) => question.skill,
  );
  const seen = new Set<string>();
  return [...bySkill]
    .toSorted(([a], [b]) => compareSkills(a, b))
    .flatMap(([skill, ofSkill]) =>
      [...Map.groupBy(ofSkill, ({ question }) => question.task)].map(([name, members]) => {
        // One name in two skills means two tasks.
        const unique = seen.has(name) ? `${skill}/${name}` : name;
        seen.add(unique);
        return taskOf(unique, members, mode, options);
      }),
    );
}

function taskOf(name: string, members: readonly Placed[], mode: Mode, options: ShoppingOptions): Task {
  const prepared = new Map<string, Prepared>();
  const languages = new Map<Question, string>();
  for (const { question } of members) {
    const choices = question.gold.metric === 'accuracy' ? choicesOf(question, options.prompt.letters) : undefined;
    prepared.set(question.id, { question, choices });
    languages.set(question, question.language ?? detectLanguage(question.input, goldText(question, choices)));
  }
  const metrics = new Set(members.map(({ question }) => question.gold.metric));
  const types = new Set(members.map(({ question }) => question.type));
  const first = (members[0] as Placed).question;
  const metricName = [...metrics].join(' + ');
  const aggregate = taskAggregate(metrics, mode);
  return {
    name,
    size: members.length,
    *samples() {
      for (const { question, position } of members) {
        yield sampleOf(prepared.get(question.id) as Prepared, position, languages.get(question) as string, options);
      }
    },
    scorers: [createScorer(metricName, prepared, mode)],
    ...(aggregate && { aggregate }),
    generation: { temperature: 0, maxTokens: tokenBudget(first.type, options.budgets, first.layout) },
    labels: {
      skill: first.skill,
      type: [...types].join(' + '),
      metric: metricName,
      language: [...new Set(languages.values())].toSorted().join(' '),
    },
  };
}

function sampleOf(
  { question, choices }: Prepared,
  position: number,
  language: string,
  options: ShoppingOptions,
): Sample {
  return {
    id: question.id,
    input: promptOf(question, choices, options.prompt),
    target: goldValue(question.gold),
    ...(choices && { choices: choiceLabels(choices) }),
    labels: { skill: question.skill, type: question.type, metric: question.gold.metric, language },
    generation: {
      maxTokens: tokenBudget(question.type, options.budgets, question.layout),
      ...(options.prompt.plain && { raw: true }),
    },
    position,
    metadata: { metric: question.gold.metric, file: question.file, line: question.line },
  };
}

/** The gold answer as words, for telling its language. */
function goldText({ gold }: Question, choices: Choices | undefined): string {
  if (gold.metric === 'accuracy') return choices?.texts?.[choices.numbers.indexOf(gold.option)] ?? '';
  const value = goldValue(gold);
  if (typeof value === 'string') return value;
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string').join('\n') : '';
}
