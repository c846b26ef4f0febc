import type { Score, ScorerContext } from '../../../core/index.ts';
import { rougeL } from '../../../metrics/index.ts';
import { type Choices, letterOf } from '../choices.ts';
import type { Gold, Question } from '../data/question.ts';
import { pythonStrip, stripCharacter } from '../../../metrics/python/index.ts';
import type { Mode } from '../vocabulary.ts';
import { entityCounts, sampleF1 } from './entity-counts.ts';
import { kddChoice, kddCut, kddEntities, kddRanked, kddRetrieved } from './kdd-readings.ts';
import { bleu } from './overlap.ts';
import { referenceNdcg } from './reference-ndcg.ts';
import { mean, similarities } from './similarity.ts';
import {
  rankedIntegers,
  skillChoice,
  skillEntities,
  skillRanked,
  skillRetrieved,
  skillTranslation,
} from './skill-readings.ts';
import { taskChoice, taskRetrieved } from './task-readings.ts';

export type ReferenceMode = Exclude<Mode, 'strict'>;

/** The score of a reply as one of the released scorers computes it. Where that scorer dies, the score is broken. */
export function scoreReference(
  mode: ReferenceMode,
  reply: string,
  question: Question,
  choices: Choices | undefined,
  context: ScorerContext,
): Score | Promise<Score> {
  const { gold } = question;
  const text = mode === 'reference-kdd' ? kddCut(reply) : reply;
  switch (gold.metric) {
    case 'accuracy':
      return choiceScore(mode, text, gold.option, choices);
    case 'hit rate@3':
      return retrievalScore(mode, text, gold.items);
    case 'ndcg':
      return rankingScore(mode, text, gold.weights);
    case 'micro f1':
      return entityScore(mode, text, gold.entities);
    case 'rougel': {
      const prediction = mode === 'reference-kdd' ? pythonStrip(text) : text;
      return { value: rougeL(prediction, gold.text).f1, parsed: prediction !== '' };
    }
    case 'bleu':
    case 'jp-bleu': {
      const prediction = skillTranslation(mode === 'reference-kdd' ? pythonStrip(text) : text);
      const value = bleu(prediction, gold.text, gold.metric);
      const scored = (number: number): Score => ({ value: number, parsed: prediction !== '', answer: prediction });
      return typeof value === 'number' ? scored(value) : value.then(scored);
    }
    default:
      return similarityScore(mode, mode === 'reference-kdd' ? pythonStrip(text) : text, gold, context);
  }
}

function choiceScore(mode: ReferenceMode, reply: string, option: number, choices: Choices | undefined): Score {
  let read: string;
  let wanted = String(option);
  if (mode === 'reference-kdd') read = String(kddChoice(reply));
  else if (mode === 'reference') read = skillChoice(reply);
  else {
    read = taskChoice(reply, choices?.letters === true) ?? '';
    const at = choices?.letters === true ? choices.numbers.indexOf(option) : -1;
    if (at >= 0) wanted = letterOf(at);
  }
  return {
    value: read === wanted ? 1 : 0,
    parsed: read !== '-1' && /^[\p{L}\p{N}]/u.test(read),
    answer: read,
    explanation: `compared ${JSON.stringify(read)} with ${JSON.stringify(wanted)}`,
  };
}

function retrievalScore(mode: ReferenceMode, reply: string, gold: readonly number[]): Score {
  const read = { reference: skillRetrieved, 'reference-task': taskRetrieved, 'reference-kdd': kddRetrieved }[mode](
    reply,
  );
  const hits = new Set(gold).intersection(new Set(read)).size;
  return { value: hits / gold.length, ...listed(read) };
}

function rankingScore(mode: ReferenceMode, reply: string, weights: readonly number[]): Score {
  const read =
    mode === 'reference'
      ? skillRanked(reply, weights.length)
      : mode === 'reference-task'
        ? rankedIntegers(reply)
        : kddRanked(reply).slice(0, weights.length);
  const value = referenceNdcg(read, weights);
  if (value === 'IndexError') {
    return broken(
      `the reference dies of an IndexError: ${Math.min(...read)} is no position in ${weights.length}`,
      read,
    );
  }
  if (Number.isFinite(value)) return { value, ...listed(read) };
  if (mode === 'reference-kdd')
    return { value: 0, ...listed(read), explanation: 'all weights are zero, which counts 0' };
  return broken('the reference computes NaN: all gold weights are zero', read);
}

function entityScore(mode: ReferenceMode, reply: string, gold: readonly string[]): Score {
  const read =
    mode === 'reference-kdd'
      ? kddEntities(reply).map((entity) => stripCharacter(entity.toLowerCase(), ' '))
      : skillEntities(reply);
  const counts = entityCounts(
    read,
    gold.map((entity) => entity.toLowerCase()),
  );
  return {
    value: sampleF1(counts),
    counts: { ...counts },
    parsed: read.length > 0,
    answer: read.join(', '),
    explanation: `${read.length} phrases: ${counts.tp} right, ${counts.fp} wrong, ${counts.fn} missing`,
  };
}

async function similarityScore(
  mode: ReferenceMode,
  reply: string,
  gold: Extract<Gold, { texts: readonly string[] }>,
  context: ScorerContext,
): Promise<Score> {
  const result = await similarities(reply, gold.texts, gold.metric, context);
  const parsed = reply !== '';
  if ('missing' in result) return { value: null, parsed, reason: result.missing };
  const value = mean(result.cosines);
  if (mode !== 'reference-task') return { value: value > 0 ? value : 0, parsed };
  if (Number.isFinite(value)) return { value, parsed };
  return { value: null, parsed, broken: true, reason: 'the reference computes NaN: an encoder gave a zero vector' };
}

function listed(read: readonly number[]): Pick<Score, 'parsed' | 'answer' | 'explanation'> {
  const answer = read.join(', ');
  return { parsed: read.length > 0, answer, explanation: read.length > 0 ? `read ${answer}` : 'no number was read' };
}

function broken(reason: string, read: readonly number[]): Score {
  return { value: null, broken: true, reason, ...listed(read) };
}
