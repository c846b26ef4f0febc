import { z } from 'zod';
import { type Answer, defineMethod, FettleError, type JsonObject, type Method } from '../../core/index.ts';
import { majority } from '../../metrics/math/index.ts';
import { questionText } from '../steps/index.ts';
import { growTree } from './grow-tree.ts';
import { monteCarloLabels } from './monte-carlo.ts';
import { answerJudge, goldOf, grades } from './right-answer.ts';
import { labelTree } from './step-tree.ts';

export { sameAsReleased } from './right-answer.ts';
export { labelTree, reasoningPath, type StepLabel, type TreeNode } from './step-tree.ts';

const whole = (least: number, most: number) => z.coerce.number().int().min(least).max(most);

export const stepLabelOptions = z.object({
  labels: z
    .enum(['tree', 'monte-carlo'])
    .default('tree')
    .describe(
      'a tree of next steps, labelled by the answers below; or solutions, each beginning completed several times',
    ),
  depth: whole(1, 50).default(10).describe('steps of a path at most'),
  children: whole(1, 9).default(2).describe('tree: next steps asked for at each step'),
  nodes: whole(1, 100_000).default(2000).describe('tree: steps of one tree at most; growth ends there'),
  editDistance: whole(0, 1000).default(5).describe('tree: a next step this close to another one is left out'),
  stepTokens: whole(1, 8192).default(512).describe('tree: new tokens of a step at most'),
  rollouts: whole(1, 1000).default(8).describe('monte-carlo: completions of each beginning'),
  paths: whole(1, 1000).default(1).describe('monte-carlo: solutions whose steps are labelled'),
  grade: z
    .enum(grades)
    .default('strict')
    .describe('how answers are judged: by meaning, or as StepCo’s released labels'),
  temperature: z.coerce.number().min(0).max(2).default(0.7).describe('sampling temperature'),
  topP: z.coerce.number().gt(0).max(1).default(0.98).describe('nucleus sampling'),
});

/**
 * Makes training data of step verifiers (StepCo, Wu et al., ACL 2025, arXiv 2410.12934; Math-Shepherd, arXiv 2312.08935):
 * knows the right answer, and is no way to solve anything. The labels are in the answer's metadata, as `labels`; its text
 * is the answer that most paths came to. `fettle data make step-labels` writes them to a file.
 */
export const stepLabels = defineMethod({
  name: 'step-labels',
  description: 'Label beginnings of solutions for training verifiers; reads the right answers.',
  options: stepLabelOptions,
  create(options: z.output<typeof stepLabelOptions>): Method {
    return {
      name: 'step-labels',
      options,
      async solve(sample, context): Promise<Answer> {
        const gold = goldOf(sample);
        if (gold === null) {
          throw new FettleError('The sample has no right answer to label steps by.', {
            code: 'no-target',
            where: `sample ${sample.id}`,
            hint: 'Labels need data whose target is a text or a number.',
          });
        }
        const isRight = answerJudge(sample, gold, options.grade);
        if (options.labels === 'monte-carlo') {
          const { labels, answers } = await monteCarloLabels(sample, context, options, isRight);
          return answerWith(answers, { labels: [...labels] });
        }
        const { nodes, dropped, cut } = await growTree(sample, context, options);
        const labels = labelTree(questionText(sample), nodes, isRight).map((label): JsonObject => ({ ...label }));
        const leaves = nodes.filter(({ kind }) => kind === 'answer').map(({ text }) => text);
        return answerWith(leaves, { labels, dropped, cut });
      },
    };
  },
});

function answerWith(answers: readonly (string | null)[], metadata: JsonObject): Answer {
  const most = majority(answers);
  const answer = most === null ? null : answers[most];
  return { text: answer === null || answer === undefined ? '' : `<ans>${answer}</ans>`, metadata };
}
