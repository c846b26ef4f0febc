import type { Sample, Scorer } from '../../../core/index.ts';
import { candidateTexts, type Choices, choiceLabels } from '../choices.ts';
import type { Question } from '../data/question.ts';
import { readChoice } from '../strict/choice.ts';
import { withoutThoughts } from '../strict/clean.ts';
import { comparableEntity, readEntities } from '../strict/entities.ts';
import { readNumberList } from '../strict/number-list.ts';
import { readTranslation } from '../strict/translation.ts';
import type { Mode } from '../vocabulary.ts';
import { scoreReference } from './score-reference.ts';
import { scoreStrict } from './score-strict.ts';

/** A question with its options, as prompts and scorers need it. */
export interface Prepared {
  readonly question: Question;
  readonly choices: Choices | undefined;
}

/** The scorer of a task's samples, by their ids. */
export function createScorer(name: string, prepared: ReadonlyMap<string, Prepared>, mode: Mode): Scorer {
  const of = (sample: Sample): Prepared => {
    const found = prepared.get(sample.id);
    if (found === undefined) throw new RangeError(`The scorer ${name} does not know the sample ${sample.id}.`);
    return found;
  };
  return {
    name,
    extract(text, sample) {
      return comparableAnswer(text, of(sample));
    },
    score({ text }, sample, context) {
      const { question, choices } = of(sample);
      if (mode === 'strict') return scoreStrict(text, question, choices, context);
      return scoreReference(mode, text, question, choices, context);
    },
  };
}

/** What two replies must share to be votes for the same answer: read as strict mode reads, whatever the mode. */
function comparableAnswer(reply: string, { question, choices }: Prepared): string | null {
  switch (question.gold.metric) {
    case 'accuracy': {
      const read = readChoice(reply, choices);
      if ('unread' in read) return null;
      const at = choices?.numbers.indexOf(read.option) ?? -1;
      return (choices && choiceLabels(choices)[at]) ?? String(read.option);
    }
    case 'hit rate@3': {
      const read = readNumberList(reply, candidateTexts(question.input));
      return 'unread' in read
        ? null
        : read.numbers
            .slice(0, 3)
            .toSorted((a, b) => a - b)
            .join(', ');
    }
    case 'ndcg': {
      const read = readNumberList(reply, candidateTexts(question.input));
      return 'unread' in read ? null : [...new Set(read.numbers)].join(', ');
    }
    case 'micro f1': {
      const read = readEntities(reply, question.input);
      return 'unread' in read ? null : read.entities.map(comparableEntity).toSorted().join(', ');
    }
    case 'bleu':
    case 'jp-bleu':
      return readTranslation(reply)?.text ?? null;
    default:
      return withoutThoughts(reply).trim() || null;
  }
}
