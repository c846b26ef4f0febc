import type { DataFault } from '../../core/index.ts';
import { findFiles, readQuestions } from './data/load.ts';
import { goldsOf, type Question } from './data/question.ts';
import type { EvaluationSet } from './sets.ts';
import { goldLetters } from './strict/score-strict.ts';

/**
 * Every fault of a data set, with file and line: rows that cannot be read, images that are not there, damaged or outside, gold
 * letters that are no option, empty golds where the set has none, repeated questions, tables that are left out.
 */
export async function* checkQuestions(data: string, set: EvaluationSet | undefined): AsyncGenerator<DataFault> {
  const { tree, files, ignored, images } = await findFiles(data, { set });
  try {
    for (const { path, reason } of ignored) yield { file: path, severity: 'warning', message: `left out: ${reason}` };
    for (const note of tree.notes) yield { file: tree.location, severity: 'warning', message: note };
    if (files.length === 0) {
      yield { file: tree.location, severity: 'error', message: 'there is no file of questions here' };
    }
    /** Paths whose images were looked for, and what is wrong with them. */
    const known = new Map<string, Finding | undefined>();
    for (const file of files) {
      const faults: DataFault[] = [];
      const seen = new Map<string, number>();
      let rows = 0;
      for await (const question of readQuestions(file, (fault) => faults.push(fault))) {
        yield* faults.splice(0);
        rows++;
        const place = { file: question.file, line: question.line };
        for (const finding of misfits(question, file.set)) yield { ...place, ...finding };
        for (const path of question.images) {
          if (!known.has(path)) {
            const fault = await images.fault(path);
            known.set(path, fault && { severity: 'error', message: fault.message, ...hintOf(fault.hint) });
          }
          const finding = known.get(path);
          if (finding !== undefined) yield { ...place, ...finding };
        }
        const content = JSON.stringify([question.text, question.images, question.options]);
        const twin = seen.get(content);
        if (twin === undefined) seen.set(content, question.line);
        else yield { ...place, ...warning(`the question is that of line ${twin} again`) };
      }
      yield* faults;
      if (rows === 0 && faults.length === 0) {
        yield { file: file.entry.label, severity: 'error', message: 'the file has no rows' };
      }
    }
  } finally {
    await tree.close();
  }
}

type Finding = Pick<DataFault, 'severity' | 'message' | 'hint'>;

const error = (message: string): Finding => ({ severity: 'error', message });
const warning = (message: string, hint?: string): Finding => ({ severity: 'warning', message, ...hintOf(hint) });

function hintOf(hint: string | undefined): { hint?: string } {
  return hint === undefined ? {} : { hint };
}

/** What is wrong with a question by itself. */
function* misfits(question: Question, set: EvaluationSet): Generator<Finding> {
  const golds = goldsOf(question);
  const { type, options, images, text } = question;
  if (images.length === 0) yield warning('the question has no images');
  if (new Set(images).size < images.length) yield warning('an image is there twice');
  const markers = text.split('<image>').length - 1;
  if (markers > images.length) yield warning(`${markers} markers <image> for ${images.length} images`);
  if (golds.length === 0 && !set.unanswerable) yield error('there is no gold answer');
  if (golds.some((gold) => gold.trim() === '')) yield warning('a gold answer is blank');
  if (type === 'multiple-choice') {
    if (golds.length > 0 && goldLetters(question).length === 0) {
      yield error(`the gold answer ${JSON.stringify(golds[0])} is none of the ${options?.length ?? 0} options`);
    }
    if (options?.length === 1) yield warning('there is one option alone');
    if (new Set(options).size < (options?.length ?? 0)) yield warning('an option is there twice');
  } else if (options !== null && options.length > 0) {
    yield warning(
      `a question of type ${type} has options`,
      'The Idefics2 driver takes it for a choice; others do not look at them.',
    );
  }
  if (type === 'captioning' && typeof question.answers === 'string') {
    yield warning('the gold text of a caption is no list', 'The released code compares with its first character.');
  }
  if (text.includes('\ufffd'))
    yield warning('the question has replacement characters (U+FFFD): its encoding was damaged');
}
