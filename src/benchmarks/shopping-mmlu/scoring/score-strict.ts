import type { Score, ScorerContext } from '../../../core/index.ts';
import { ndcg, rougeL } from '../../../metrics/index.ts';
import { candidateTexts, type Choices } from '../choices.ts';
import type { Gold, Question } from '../data/question.ts';
import { optionName, readChoice } from '../strict/choice.ts';
import { withoutThoughts } from '../strict/clean.ts';
import { comparableEntity, readEntities } from '../strict/entities.ts';
import { readNumberList } from '../strict/number-list.ts';
import { readTranslation } from '../strict/translation.ts';
import { entityCounts, sampleF1 } from './entity-counts.ts';
import { bleu } from './overlap.ts';
import { mean, similarities } from './similarity.ts';

/** The score of a reply as the metrics are meant, with what was read from it and why it counts so. */
export function scoreStrict(
  reply: string,
  question: Question,
  choices: Choices | undefined,
  context: ScorerContext,
): Score | Promise<Score> {
  const { gold } = question;
  switch (gold.metric) {
    case 'accuracy': {
      const read = readChoice(reply, choices);
      if ('unread' in read) return unparsed(read.unread);
      const right = read.option === gold.option;
      const answer = optionName(read.option, choices);
      const wanted = optionName(gold.option, choices);
      return {
        value: right ? 1 : 0,
        parsed: true,
        answer,
        explanation: `option ${answer}, from ${read.from}: ${right ? 'right' : `wrong, it is ${wanted}`}`,
      };
    }
    case 'hit rate@3':
      return retrievalScore(reply, question, gold.items);
    case 'ndcg':
      return rankingScore(reply, question, gold.weights);
    case 'micro f1':
      return entityScore(reply, question, gold.entities);
    case 'rougel': {
      const text = withoutThoughts(reply).trim();
      if (text === '') return unparsed('the reply is empty');
      const value = rougeL(text, gold.text).f1;
      return { value, parsed: true, answer: text, explanation: `ROUGE-L F1 ${value.toFixed(3)} of the whole reply` };
    }
    case 'bleu':
    case 'jp-bleu': {
      const read = readTranslation(reply);
      if (read === null) return unparsed('the reply is empty');
      const value = bleu(read.text, gold.text, gold.metric);
      const scored = (number: number): Score => ({
        // Rounding within BLEU can pass 1 by some 1e-16.
        value: Math.min(1, number),
        parsed: true,
        answer: read.text,
        explanation: `BLEU ${number.toFixed(3)} of ${read.from}`,
      });
      return typeof value === 'number' ? scored(value) : value.then(scored);
    }
    default:
      return similarityScore(withoutThoughts(reply).trim(), gold, context);
  }
}

function retrievalScore(reply: string, question: Question, gold: readonly number[]): Score {
  const read = readNumberList(reply, candidateTexts(question.input));
  if ('unread' in read) return unparsed(read.unread);
  const first = read.numbers.slice(0, 3);
  const wanted = new Set(gold);
  const hits = wanted.intersection(new Set(first)).size;
  const surplus = read.numbers.length > 3 ? `, the first three of ${read.numbers.length}` : '';
  return {
    value: hits / wanted.size,
    parsed: true,
    answer: first.join(', '),
    explanation: `${hits} of ${wanted.size} in ${first.join(', ')}${surplus}, from ${read.from}`,
  };
}

function rankingScore(reply: string, question: Question, weights: readonly number[]): Score {
  const read = readNumberList(reply, candidateTexts(question.input));
  const ideal = weights.some((weight) => weight > 0);
  if (!ideal) return { value: null, parsed: !('unread' in read), reason: 'all gold weights are zero' };
  if ('unread' in read) return unparsed(read.unread);
  const valid = new Set(read.numbers.filter((number) => number >= 1 && number <= weights.length));
  const dropped = read.numbers.length - valid.size;
  if (valid.size === 0) return unparsed(`no number of ${read.numbers.join(', ')} is a candidate`);
  const order = [...valid];
  // The metric takes positions from 0.
  const value = ndcg(
    order.map((number) => number - 1),
    weights,
  );
  const notes = [
    ...(dropped > 0 ? [`${dropped} repeated or out of range, dropped`] : []),
    ...(order.length < weights.length ? [`${weights.length - order.length} candidates left out`] : []),
  ];
  return {
    value: value === null ? 0 : Math.min(1, value),
    parsed: true,
    answer: order.join(', '),
    explanation: `order ${order.join(', ')} from ${read.from}${notes.length > 0 ? `; ${notes.join('; ')}` : ''}`,
  };
}

function entityScore(reply: string, question: Question, gold: readonly string[]): Score {
  const read = readEntities(reply, question.input);
  const wanted = [...new Set(gold.map(comparableEntity))];
  if ('unread' in read) {
    const counts = { tp: 0, fp: 0, fn: wanted.length };
    return { ...unparsed(read.unread), counts };
  }
  const counts = entityCounts(read.entities.map(comparableEntity), wanted);
  return {
    value: sampleF1(counts),
    counts: { ...counts },
    parsed: true,
    answer: read.entities.join(', '),
    explanation: `${counts.tp} right, ${counts.fp} wrong, ${counts.fn} missing, from ${read.from}`,
  };
}

async function similarityScore(
  text: string,
  gold: Extract<Gold, { texts: readonly string[] }>,
  context: ScorerContext,
): Promise<Score> {
  const result = await similarities(text, gold.texts, gold.metric, context);
  if ('missing' in result) return { value: null, parsed: text !== '', reason: result.missing };
  if (text === '') return unparsed('the reply is empty');
  const value = mean(result.cosines);
  const texts = gold.texts.length === 1 ? 'the gold text' : `${gold.texts.length} gold texts, averaged`;
  const explanation = `cosine ${value.toFixed(3)} with ${texts}`;
  return { value: value > 0 ? Math.min(1, value) : 0, parsed: true, answer: text, explanation };
}

function unparsed(why: string): Score {
  return { value: 0, parsed: false, explanation: why };
}
