import type { Sample, Score, Scorer } from '../core/index.ts';
import {
  compileExtractor,
  exactMatch,
  findNumbers,
  includesMatch,
  normalizeText,
  numbersAgree,
  readChoice,
  readNumber,
  rougeL,
} from '../metrics/index.ts';
import { targetChoice, targetTexts } from './targets.ts';

const noTarget: Score = { value: null, parsed: true, reason: 'the sample has no target to compare with' };

/** Letter for letter, white space at the ends aside; one character in two Unicode spellings is one. */
function sameText(text: string, targets: readonly string[]): boolean {
  const trimmed = targets.map((target) => target.trim());
  return exactMatch(text.trim(), trimmed, { ignoreCase: false, collapseSpace: false, compatible: false });
}

/** 1 when the reply, white space at its ends aside, is one of the targets. */
export function exact(): Scorer {
  return {
    name: 'exact',
    extract: (text) => text.trim() || null,
    score({ text }, { target }) {
      const targets = targetTexts(target);
      if (targets.length === 0) return noTarget;
      const right = sameText(text, targets);
      return { value: right ? 1 : 0, parsed: text.trim() !== '', answer: text.trim() };
    },
  };
}

/** 1 when the reply holds one of the targets as whole words, case aside. */
export function includes(): Scorer {
  return {
    name: 'includes',
    extract: (text) => normalizeText(text) || null,
    score({ text }, { target }) {
      const targets = targetTexts(target);
      if (targets.length === 0) return noTarget;
      return { value: includesMatch(text, targets) ? 1 : 0, parsed: text.trim() !== '' };
    },
  };
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

function labelsOf(sample: Sample): string[] {
  const count = sample.choices?.length ?? 0;
  // Options that are labels themselves ("0", "B") stand for what they are.
  if (count > 0 && sample.choices?.every((choice) => /^(?:\d{1,2}|[A-Za-z])$/.test(choice)) === true) {
    return [...sample.choices];
  }
  return Array.from(letters.slice(0, count > 0 ? Math.min(count, 26) : 5));
}

function readOption(text: string, sample: Sample): ReturnType<typeof readChoice> {
  const labels = labelsOf(sample);
  const texts = sample.choices;
  // `loglikelihood` answers with the option itself.
  const whole = texts?.findIndex((choice) => choice === text) ?? -1;
  if (whole !== -1)
    return { index: whole, label: labels[whole] ?? null, explanation: 'the reply is the option itself' };
  return readChoice(text, { labels, ...(texts === undefined ? {} : { texts: [...texts] }) });
}

/** 1 when the reply names the right option: by letter, number or words, after an answer cue or alone. */
export function choice(): Scorer {
  return {
    name: 'choice',
    extract: (text, sample) => readOption(text, sample).label,
    score({ text }, sample) {
      const wanted = targetChoice(sample, labelsOf(sample));
      if (wanted === null) {
        return {
          value: null,
          parsed: true,
          reason: `the target ${JSON.stringify(sample.target)} is none of the options`,
        };
      }
      const { index, label, explanation } = readOption(text, sample);
      if (index === null) return { value: 0, parsed: false, explanation };
      return { value: index === wanted ? 1 : 0, parsed: true, answer: label ?? '', explanation };
    },
  };
}

/** 1 when the reply's number equals the target's within rounding: units, thousands, percent and currency are read. */
export function numeric(): Scorer {
  return {
    name: 'numeric',
    extract: (text) => readNumber(text).number?.value.toString() ?? null,
    score({ text }, { target }) {
      const targets = targetTexts(target).flatMap((one) => findNumbers(one).slice(0, 1));
      if (targets.length === 0) return { value: null, parsed: true, reason: 'the target holds no number' };
      const { number, explanation } = readNumber(text);
      if (number === null) return { value: 0, parsed: false, explanation };
      const right = targets.some((one) => numbersAgree(number, one));
      return { value: right ? 1 : 0, parsed: true, answer: String(number.value), explanation };
    },
  };
}

/** ROUGE-L F1 with stemming, the best over the targets. */
export function rougeLScorer(): Scorer {
  return {
    name: 'rouge-l',
    extract: (text) => text.trim() || null,
    score({ text }, { target }) {
      const targets = targetTexts(target);
      if (targets.length === 0) return noTarget;
      return {
        value: Math.max(...targets.map((one) => rougeL(text, one).f1)),
        parsed: text.trim() !== '',
      };
    },
  };
}

/**
 * 1 when what the pattern finds in the reply equals a target: its first group, else the whole match; the last match counts.
 * Patterns run in linear time, whatever the reply.
 */
export async function regex(pattern: string): Promise<Scorer> {
  const find = await compileExtractor(pattern, { take: 'last', ignoreCase: false });
  return {
    name: 'regex',
    extract: (text) => find(text),
    score({ text }, { target }) {
      const targets = targetTexts(target);
      if (targets.length === 0) return noTarget;
      const found = find(text);
      if (found === null) return { value: 0, parsed: false, explanation: 'the pattern matches nothing in the reply' };
      return { value: sameText(found, targets) ? 1 : 0, parsed: true, answer: found };
    },
  };
}
