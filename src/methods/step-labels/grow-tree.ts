import type { MethodContext, Sample } from '../../core/index.ts';
import { boundedEditDistance } from '../../metrics/index.ts';
import { mergeRevision, questionText } from '../steps/index.ts';
import { nextStepPrompt, type Style } from './prompts.ts';
import { reachedAnswer } from './right-answer.ts';
import { childId, type TreeNode } from './step-tree.ts';

export interface TreeOptions {
  /** Steps of a path at most. */
  readonly depth: number;
  /** Next steps that are asked for at each step. */
  readonly children: number;
  /** Steps of a tree at most. */
  readonly nodes: number;
  /** A next step this close to an earlier one of the same parent is left out. */
  readonly editDistance: number;
  readonly temperature: number;
  readonly topP: number;
  readonly stepTokens: number;
}

export interface GrownTree {
  readonly nodes: readonly TreeNode[];
  /** Next steps that were too close to another one, or blank. */
  readonly dropped: number;
  /** True where the limit of nodes ended the growth. */
  readonly cut: boolean;
}

interface Branch {
  readonly id: string | null;
  readonly steps: readonly string[];
  /** Whether it lies below a second child of the question, whose examples are those that go wrong. */
  readonly second: boolean;
}

/**
 * Grows a tree of solutions step by step, all steps of one depth together: at each step several next steps are asked for,
 * the first carefully, the others plainly at first and then as mistakes, so that right and wrong paths are in it
 * (specification of StepCo, section 2.7). A path ends with its answer.
 */
export async function growTree(sample: Sample, context: MethodContext, options: TreeOptions): Promise<GrownTree> {
  const question = questionText(sample);
  const nodes: TreeNode[] = [];
  let dropped = 0;
  let asked = 0;
  let cut = false;
  let level: Branch[] = [{ id: null, steps: [], second: false }];
  for (let depth = 1; depth <= options.depth && level.length > 0; depth++) {
    const room = Math.floor((options.nodes - nodes.length) / options.children);
    if (level.length > room) cut = true;
    const grown = level.slice(0, Math.max(0, room));
    const first = asked;
    asked += grown.length * options.children;
    const replies = await Promise.all(
      grown.map((branch, i) =>
        askChildren(branch, { question, context, options, first: first + i * options.children }),
      ),
    );
    level = [];
    for (const [i, texts] of replies.entries()) {
      const branch = grown[i] as Branch;
      const added = addChildren(branch, texts, sample, options);
      nodes.push(...added.nodes);
      level.push(...added.branches);
      dropped += added.dropped;
    }
  }
  return { nodes, dropped, cut };
}

function askChildren(
  { steps, second }: Branch,
  given: { question: string; context: MethodContext; options: TreeOptions; first: number },
): Promise<string[]> {
  const { context, options, question, first } = given;
  const { temperature, topP, children, stepTokens } = options;
  const { settings, models } = context;
  return Promise.all(
    Array.from({ length: children }, async (_, place) => {
      const style: Style = place === 0 ? 'careful' : second ? 'wrong' : 'plain';
      const reply = await models.main.generate({
        ...settings,
        temperature,
        topP,
        maxTokens: stepTokens,
        // Equal prompts of one tree must not get equal replies.
        seed: (settings.seed ?? 0) * 1_000_003 + first + place,
        messages: nextStepPrompt(question, steps, { style, mistaken: place > 0 && steps.length > 0 }),
      });
      return reply.text;
    }),
  );
}

function addChildren(
  branch: Branch,
  replies: readonly string[],
  sample: Sample,
  { editDistance }: TreeOptions,
): { nodes: TreeNode[]; branches: Branch[]; dropped: number } {
  const depth = branch.steps.length + 1;
  const nodes: TreeNode[] = [];
  const branches: Branch[] = [];
  const kept: string[] = [];
  let dropped = 0;
  for (const [i, reply] of replies.entries()) {
    const { step, answer } = readNext(reply, branch.steps, sample);
    const text = step ?? (answer === null ? '' : `= ${answer}`);
    if (text === '' || kept.some((other) => boundedEditDistance(other, text, editDistance) !== undefined)) {
      dropped++;
      continue;
    }
    kept.push(text);
    const id = childId(branch.id, depth, i + 1);
    if (step === null) {
      nodes.push({ id, parent: branch.id, text: answer ?? '', kind: 'answer' });
      continue;
    }
    nodes.push({ id, parent: branch.id, text: step, kind: 'step' });
    if (answer === null) {
      branches.push({ id, steps: [...branch.steps, step], second: branch.id === null ? i > 0 : branch.second });
    } else nodes.push({ id: childId(id, depth + 1, 1), parent: id, text: answer, kind: 'answer' });
  }
  return { nodes, branches, dropped };
}

const answerTags = /<ans(?:wer)?[ \t]{0,3}>[\s\S]*$/i;

/** The next step alone, and the answer where the reply comes to one with it. */
export function readNext(
  reply: string,
  steps: readonly string[],
  sample: Sample,
): { readonly step: string | null; readonly answer: string | null } {
  const begun = { preamble: '', steps, tail: '', answer: null };
  const { path, taken } = mergeRevision(begun, steps.length, reply);
  const written = path.steps[steps.length]?.replace(answerTags, '').trim() ?? '';
  // Further steps are left out: they are asked for anew, and so is the answer that they lead to.
  const answer = taken <= 1 ? reachedAnswer(reply, sample) : null;
  return { step: written === '' ? null : written, answer };
}
