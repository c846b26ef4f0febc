import type { DataFault } from '../../core/index.ts';
import { candidateTexts, choicesOf } from './choices.ts';
import { idPrefixes, openFiles } from './data/load.ts';
import type { Question } from './data/question.ts';
import { readQuestions } from './data/read-questions.ts';
import { metricTypes } from './vocabulary.ts';

const htmlEntity = /&(?:#\d{1,6}|#x[\da-f]{1,6}|[a-z][a-z\d]{1,31});/i;

/**
 * Every fault of a data set, with file and line: rows that cannot be read, gold answers that do not fit, repeated
 * ids and rows, HTML entities, tasks with several metrics, files that are left out.
 */
export async function* checkShopping(data: string): AsyncGenerator<DataFault> {
  const { tree, found, close } = await openFiles(data);
  try {
    for (const { path, reason } of found.ignored) {
      yield { file: path, severity: 'warning', message: `left out: ${reason}` };
    }
    for (const note of tree.notes) yield { file: tree.location, severity: 'warning', message: note };
    if (found.files.length === 0) {
      yield {
        file: tree.location,
        severity: 'error',
        message: 'there are no questions of Shopping MMLU here',
        hint: 'Expected are skill files, task files or the development file of the KDD Cup.',
      };
    }
    const seen = new Seen();
    const prefixes = idPrefixes(found.files);
    for (const file of found.files) {
      const faults: DataFault[] = [];
      let rows = 0;
      for await (const question of readQuestions(file, prefixes.get(file) as string, (fault) => faults.push(fault))) {
        yield* faults.splice(0);
        rows++;
        for (const fault of [...misfits(question), ...seen.repeats(question)]) {
          yield { file: question.file, line: question.line, ...fault };
        }
      }
      yield* faults;
      if (rows === 0 && faults.length === 0) {
        yield { file: file.entry.label, severity: 'warning', message: 'the file has no rows' };
      }
    }
  } finally {
    await close();
  }
}

type Finding = Pick<DataFault, 'severity' | 'message' | 'hint'>;

const error = (message: string): Finding => ({ severity: 'error', message });
const warning = (message: string, hint?: string): Finding => ({ severity: 'warning', message, ...(hint && { hint }) });

/** What is wrong with a question by itself. */
function* misfits(question: Question): Generator<Finding> {
  const { input, gold, type } = question;
  if (input.trim() === '') yield error('the prompt is blank');
  if (metricTypes[gold.metric] !== type) yield warning(`the metric ${gold.metric} does not belong to the type ${type}`);
  switch (gold.metric) {
    case 'accuracy': {
      const numbers = choicesOf(question, false)?.numbers;
      if (numbers === undefined)
        yield warning('the options are not found in the prompt, so that any number counts as one');
      else if (!numbers.includes(gold.option)) {
        yield error(`the gold option ${gold.option} is none of ${numbers[0]} to ${numbers.at(-1)}`);
      }
      break;
    }
    case 'hit rate@3': {
      const count = candidateTexts(input)?.length;
      const outside = gold.items.find((item) => count !== undefined && item > count);
      if (outside !== undefined) yield error(`the gold number ${outside} is above the ${count} candidates`);
      if (gold.items.length > 3) yield warning(`${gold.items.length} gold numbers, of which a reply can give three`);
      if (new Set(gold.items).size < gold.items.length) yield warning('a gold number is repeated');
      break;
    }
    case 'ndcg': {
      const count = candidateTexts(input)?.length;
      if (count !== undefined && count !== gold.weights.length) {
        yield error(`${gold.weights.length} gold weights for ${count} candidates`);
      }
      if (gold.weights.every((weight) => weight === 0)) {
        yield warning('all gold weights are zero: the question is not scored');
      }
      break;
    }
    case 'micro f1':
      if (gold.entities.length === 0) yield warning('there is no gold phrase');
      if (gold.entities.some((entity) => entity.trim() === '')) yield error('a gold phrase is blank');
      break;
    case 'rougel':
    case 'bleu':
    case 'jp-bleu':
      if (gold.text.trim() === '') yield error('the gold text is blank');
      break;
    default:
      if (gold.texts.some((text) => text.trim() === '')) yield error('a gold text is blank');
  }
  const entity = htmlEntity.exec(input)?.[0];
  if (entity !== undefined) yield warning(`the prompt has HTML entities (${entity})`);
  if (/\ufffd/.test(input)) yield warning('the prompt has replacement characters (U+FFFD): its encoding was damaged');
}

/** What only shows beside other rows. */
class Seen {
  readonly #ids = new Map<string, string>();
  readonly #contents = new Map<string, string>();
  readonly #metrics = new Map<string, string>();

  *repeats(question: Question): Generator<Finding> {
    const place = `${question.file}:${question.line}`;
    const { id, input, task, skill, options, gold } = question;
    const other = this.#ids.get(id);
    if (other === undefined) this.#ids.set(id, place);
    else yield error(`the id ${JSON.stringify(id)} is that of ${other} too`);

    const content = JSON.stringify([task, input, options ?? null]);
    const twin = this.#contents.get(content);
    if (twin === undefined) this.#contents.set(content, place);
    else yield warning(`the question is that of ${twin} again`);

    const name = JSON.stringify([skill, task]);
    const metric = this.#metrics.get(name);
    if (metric === undefined) this.#metrics.set(name, gold.metric);
    else if (!metric.split(' + ').includes(gold.metric)) {
      this.#metrics.set(name, `${metric} + ${gold.metric}`);
      yield warning(`the task ${task} mixes metrics: ${gold.metric} after ${metric}`, 'They are averaged together.');
    }
  }
}
