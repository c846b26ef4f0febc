import type { Score } from '../../../../core/index.ts';
import { repairMojibake } from '../mojibake.ts';
import type { PartRule } from '../part-rules.ts';
import type { ChartTarget } from '../target.ts';
import { type AnswerLine, readAnswerLine } from './answer-line.ts';
import { cleanReply, plainSigns } from './clean.ts';
import { comparePart, type PartVerdict, readAnswerNumber, readLetter } from './compare-part.ts';
import { readGoldPart } from './gold-part.ts';
import { type Options, optionsOf, subQuestion } from './options.ts';
import { splitParts } from './split-parts.ts';
import { answerWords } from './words.ts';

/** Where a choice question lists its options in no way that is known. */
const usualOptions: Options = { labels: ['A', 'B', 'C', 'D'], texts: ['', '', '', ''] };

/** The final answer line of a reply, cleaned. */
export function lineOf(reply: string): AnswerLine | null {
  return readAnswerLine(cleanReply(reply.split('\n').map(repairMojibake).join('\n')));
}

/** What two replies must share to be votes for the same answer; null where nothing can be read. */
export function comparableAnswer(reply: string, { type, answer, question }: ChartTarget): string | null {
  const line = lineOf(reply);
  if (line === null) return null;
  if (type === 'multiple-choice') return readLetter(line.text, optionsOf(question, 0, 1) ?? usualOptions).letter;
  const count = answer.split(';').length;
  const parts = splitParts(line.text, count).texts.map((part, i) => {
    const options = optionsOf(question, i, count);
    const letter = options && readLetter(part, options).letter;
    if (letter) return letter;
    const number = readAnswerNumber(part);
    return typeof number === 'string' ? answerWords(part).replaceAll('\0', ' ') : String(number.value);
  });
  return parts.join('; ') || null;
}

/** The verdict that reads the final answer alone and compares it part by part. */
export function scoreStrict(reply: string, target: ChartTarget, rules: readonly PartRule[] | undefined): Score {
  const line = lineOf(reply);
  if (line === null) return { value: 0, parsed: false, explanation: 'no answer to read' };
  return target.type === 'multiple-choice' ? scoreChoice(line, target) : scoreOpen(line, target, rules);
}

function scoreChoice(line: AnswerLine, { answer, question }: ChartTarget): Score {
  const { letter, why } = readLetter(line.text, optionsOf(question, 0, 1) ?? usualOptions);
  const where = `${line.found} "${line.text}"`;
  if (letter === null) return { value: 0, parsed: false, explanation: `${where}: ${why}; gold ${answer}` };
  const golds = answer.split(';').map((gold) => gold.trim().toUpperCase());
  return {
    value: golds.length === 1 && golds[0] === letter ? 1 : 0,
    parsed: true,
    answer: letter,
    explanation: `${where}: ${why}; gold ${answer}`,
  };
}

/** Gold parts, repaired and with signs written alike. */
export function goldTexts(answer: string): string[] {
  return plainSigns(repairMojibake(answer))
    .split(';')
    .map((part) => part.trim());
}

function scoreOpen(line: AnswerLine, target: ChartTarget, rules: readonly PartRule[] | undefined): Score {
  const golds = goldTexts(target.answer);
  const { texts, how } = splitParts(line.text, golds.length);
  const verdicts = golds.map((gold, i): PartVerdict => {
    const part = texts[i];
    if (part === undefined || part === '') return { right: false, why: 'missing' };
    const options = optionsOf(target.question, i, golds.length);
    const context = {
      task: target.task,
      options,
      rule: rules?.[i],
      withoutUnits: /omit (?:the|any) units?/i.test(subQuestion(target.question, i, golds.length)),
    };
    return comparePart(readGoldPart(gold, options !== undefined), part, context);
  });
  const right = verdicts.filter((verdict) => verdict.right).length;
  return {
    // One to one: what is given beyond the parts asked for is wrong too.
    value: right / Math.max(golds.length, texts.length),
    parsed: true,
    answer: texts.join('; '),
    explanation: [
      `${line.found} "${line.text}"${how === undefined ? '' : `, ${how}`}`,
      ...verdicts.map(({ why }, i) => (golds.length === 1 ? why : `${i + 1}: ${why}`)),
      ...(texts.length > golds.length ? [`${texts.length} parts for ${golds.length}`] : []),
    ].join('; '),
    metadata: {
      parts: golds.map((gold, i) => ({ gold, given: texts[i] ?? '', right: verdicts[i]?.right === true })),
    },
  };
}
