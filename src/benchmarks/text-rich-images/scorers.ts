import type { Sample, Scorer } from '../../core/index.ts';
import type { Question } from './data/question.ts';
import type { DocumentOptions, Setting } from './options.ts';
import { type ReferenceMetric, scoreReference } from './reference/score-reference.ts';
import type { EvaluationSet, Metric } from './sets.ts';
import { finalAnswer } from './strict/final-answer.ts';
import { chosenLetter, comparable, scoreStrict } from './strict/score-strict.ts';

type ById = ReadonlyMap<string, Question>;

/** Metric of questions whose type decides it whatever their set. */
function metricOf(question: Question, official: Metric): Metric {
  if (question.type === 'multiple-choice') return 'accuracy';
  if (question.type === 'captioning') return 'rouge-l';
  return question.type === 'webqa' ? 'rouge-1' : official;
}

/**
 * The scorers of `strict`: the set's official metrics and the paper's, one of the two first. A task whose questions are all
 * of a type that decides the metric has that one alone.
 */
export function strictScorers(
  set: EvaluationSet,
  byId: ById,
  { metric, prompt }: Pick<DocumentOptions, 'metric' | 'prompt'>,
): [Scorer, ...Scorer[]] {
  const questions = [...byId.values()];
  const typed = new Set(questions.map((question) => metricOf(question, 'anls')));
  const [only] = typed;
  if (typed.size === 1 && only !== undefined && only !== 'anls') return [strictScorer(only, byId, prompt.setting)];
  const names = new Set(metric === 'paper' ? [set.paper, ...set.official] : [...set.official, set.paper]);
  const [first, ...others] = [...names].map((name) => strictScorer(name, byId, prompt.setting));
  return [first ?? strictScorer('accuracy', byId, prompt.setting), ...others];
}

function strictScorer(name: Metric, byId: ById, setting: Setting): Scorer {
  return {
    name,
    extract: (text, sample) => comparableAnswer(text, questionOf(byId, sample), setting),
    score({ text }, sample) {
      const question = questionOf(byId, sample);
      return scoreStrict(text, question, metricOf(question, name), setting);
    },
  };
}

/** Scorers of `reference`: what the paper reports first. The Idefics2 driver never computes ANLS. */
export function referenceScorers(
  set: EvaluationSet,
  byId: ById,
  { driver, prompt }: Pick<DocumentOptions, 'driver' | 'prompt'>,
): [Scorer, ...Scorer[]] {
  const scorer = (name: ReferenceMetric): Scorer => ({
    name,
    extract: (text, sample) => comparableAnswer(text, questionOf(byId, sample), prompt.setting),
    score: ({ text }, sample) => scoreReference(text, questionOf(byId, sample), name, driver),
  });
  const accuracy = scorer('accuracy');
  return set.referenceAnls && driver === 'llava' ? [scorer('anls'), accuracy] : [accuracy];
}

/** What two replies must share to be votes for the same answer: read as strict mode reads, whatever the mode. */
function comparableAnswer(reply: string, question: Question, setting: Setting): string | null {
  if (question.type === 'multiple-choice') return chosenLetter(reply, question).letter;
  const found = finalAnswer(reply, setting);
  return found === null ? null : comparable(found.text);
}

function questionOf(byId: ById, sample: Sample): Question {
  const found = byId.get(sample.id);
  if (found === undefined) throw new RangeError(`No question of the set has the id ${sample.id}.`);
  return found;
}
