import { type Benchmark, type BenchmarkOptions, type OpenedBenchmark, usageError } from '../../core/index.ts';
import { createCaptioner } from '../captions.ts';
import { checkQuestions } from './check.ts';
import { loadQuestions } from './data/load.ts';
import { readOptions } from './options.ts';
import type { TextRichBenchmark } from './catalogue.ts';
import type { EvaluationSet } from './sets.ts';
import { type Mode, tasksOf } from './tasks.ts';

/** The first is the default. */
const modes = ['strict', 'reference'] as const satisfies readonly Mode[];

/**
 * A benchmark over evaluation files in the form of LEOPARD's loaders (Jia et al., TMLR 2025, arXiv 2410.01744).
 * `strict` scores by each set's official metric, `reference` as the released drivers do.
 */
export function textRichBenchmark({ name, title, description, set }: TextRichBenchmark): Benchmark {
  return {
    name,
    title,
    description,
    modes,
    groupBy: 'set',
    breakdowns: ['type', 'images', 'image type', 'category', 'answer'],
    open: (options) => open(options, title, set),
    check: (data) => checkQuestions(data, set),
  };
}

const viewNotes = {
  images: [],
  captioned: ['The model reads the text that was found in the images (prompt captioned), and sees no images.'],
  none: ['The model sees no images (prompt text-only): figures are of what it guesses.'],
} as const;

async function open(
  { data, mode, options, signal, repliesOnly = false, onNote }: BenchmarkOptions,
  title: string,
  ownSet: EvaluationSet | undefined,
): Promise<OpenedBenchmark> {
  const known = modes.find((one) => one === mode);
  if (known === undefined) {
    throw usageError(`${title} has no mode "${mode}".`, { where: '--mode', hint: `Modes: ${modes.join(', ')}.` });
  }
  const chosen = readOptions(options);
  if (ownSet !== undefined && chosen.set !== undefined && chosen.set !== ownSet) {
    throw usageError(`The benchmark ${ownSet.name} cannot read ${chosen.set.title}.`, {
      where: '--option set',
      hint: `Run ${chosen.set.name} itself.`,
    });
  }
  if (data === undefined) {
    const stem = ownSet?.stems[0];
    throw usageError(`${title} has to be given as data.`, {
      code: 'data-missing',
      where: '--data',
      hint: `Give the file of questions that LEOPARD's loader writes (eval_${stem ?? 'NAME'}.jsonl, images beside it), or its folder.`,
    });
  }
  const { images, bySet, tree, dataHash, notes } = await loadQuestions(data, {
    set: ownSet ?? chosen.set,
    images: chosen.images,
    faults: chosen.faults,
    signal,
  });
  // Images are read while samples run, so the data stays open as long as the process.
  const captioner =
    chosen.prompt.view === 'captioned' && !repliesOnly
      ? createCaptioner({ characters: chosen.captionCharacters, signal, onNote })
      : undefined;
  const { tasks, settle } = tasksOf(bySet, { images, mode: known, options: chosen, captioner });
  return {
    tasks,
    dataHash,
    location: tree.location,
    notes: [...viewNotes[chosen.prompt.view], ...notes],
    ...(settle && { settle }),
  };
}
