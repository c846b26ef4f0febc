import type { Sample, Score, Scorer } from '../../core/index.ts';
import {
  type AnswerKind,
  extractMathAnswer,
  gradePrm800k,
  gradeReference,
  gradeStrict,
  type MathGrade,
} from '../../metrics/math/index.ts';
import { goldText, type Problem } from './data/problem.ts';
import type { MathMode } from './modes.ts';
import type { ProblemSet } from './sets.ts';

type ById = ReadonlyMap<string, Problem>;

const oneNumber = /^[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?(?:\s*\([^()]*\))?$/;

/** How a reply to this problem is read: golds of ASDiv that are no single number may be anywhere in a sentence. */
function readAs(set: ProblemSet, problem: Problem): AnswerKind {
  if (set.kind !== 'number') return set.kind;
  return oneNumber.test(goldText(problem).trim()) && /\d/.test(goldText(problem)) ? 'number' : 'latex';
}

function answerIn(reply: string, set: ProblemSet, problem: Problem): string | null {
  // An empty reply marks nothing; a whole reply that is an option is that option.
  return extractMathAnswer(reply, {
    kind: readAs(set, problem),
    ...(problem.options !== undefined && { choices: problem.options }),
  });
}

/** 1,000.0 and $1000 are one vote. */
function comparable(answer: string, kind: AnswerKind): string {
  if (kind === 'choice') return answer.trim().toUpperCase();
  const plain = answer.trim();
  if (kind === 'latex') return plain;
  const digits = plain.replace(/^\\?\$\s?/, '').replaceAll(/(?<=\d),(?=\d{3})/g, '');
  return /^[-+]?(?:\d{1,15}(?:\.\d{1,10})?|\.\d{1,10})$/.test(digits) ? String(Number(digits)) : plain;
}

/**
 * The scorer of a set: `accuracy`, 1 where the answer is right.
 * In `reference` the whole reply goes through the released normaliser, which reads the first box or else the last word.
 */
export function accuracyScorer(set: ProblemSet, byId: ById, mode: MathMode): Scorer {
  const problemOf = (sample: Sample): Problem => {
    const found = byId.get(sample.id);
    if (found === undefined) throw new RangeError(`No problem of ${set.title} has the id ${sample.id}.`);
    return found;
  };
  return {
    name: 'accuracy',
    extract(text, sample) {
      const problem = problemOf(sample);
      const found = answerIn(text, set, problem);
      return found === null ? null : comparable(found, readAs(set, problem));
    },
    score({ text }, sample) {
      const problem = problemOf(sample);
      if (mode === 'reference') return referenceScore(text, problem);
      const answer = answerIn(text, set, problem);
      if (answer === null) return { value: 0, parsed: false, explanation: 'the reply gives no answer' };
      const gold = goldText(problem);
      if (mode === 'prm800k') {
        return scoreOf(answer, {
          right: gradePrm800k(answer, gold),
          parsed: true,
          how: 'prm800k',
          explanation: `by the grader of PRM800K against ${gold}`,
        });
      }
      return scoreOf(
        answer,
        gradeStrict(answer, gold, {
          kind: set.kind,
          ...(problem.options !== undefined && { choices: problem.options }),
        }),
      );
    },
  };
}

function scoreOf(answer: string, { right, parsed, how, explanation }: MathGrade): Score {
  return { value: right ? 1 : 0, parsed, answer: answer.slice(0, 500), explanation, metadata: { how } };
}

function referenceScore(text: string, { gold }: Problem): Score {
  const { right, parsed, explanation, error } = gradeReference(text, gold);
  return {
    value: right ? 1 : 0,
    parsed,
    explanation,
    ...(error !== null && { metadata: { raises: error } }),
  };
}
