import { type Benchmark, type BenchmarkOptions, type OpenedBenchmark, usageError } from '../../core/index.ts';
import { createCaptioner } from '../captions.ts';
import { checkCharts } from './check.ts';
import { loadQuestions, orderDiffers } from './data/load.ts';
import type { Question } from './data/question.ts';
import { chartFigures } from './figures.ts';
import { type ChartOptions, readOptions } from './options.ts';
import { readOutputFiles, readPartRules, settleReference } from './scoring/index.ts';
import { namedCharts } from './shown-charts.ts';
import { chartSource } from './source.ts';
import { tasksOf } from './tasks.ts';
import { shrunkImage } from './shrunk-image.ts';
import { categoryOf, type Mode, modes } from './vocabulary.ts';

/**
 * MultiChartQA (Zhu et al., NAACL 2025, arXiv 2410.14179): questions over groups of two or three related charts, in four
 * categories of reasoning.
 */
export const multichartqa: Benchmark = {
  name: 'multichartqa',
  title: 'MultiChartQA',
  description: 'Questions over two or three related charts: 2,000 in four categories of reasoning.',
  modes,
  groupBy: 'category',
  breakdowns: ['source', 'charts', 'kind', 'order', 'caption'],
  breakdownMean: 'samples',
  source: chartSource,
  open,
  figures: chartFigures,
  check: checkCharts,
  readReplies: readOutputFiles,
};

async function open(given: BenchmarkOptions): Promise<OpenedBenchmark> {
  const { data, mode, signal, onNote, repliesOnly = false } = given;
  if (!isMode(mode)) {
    throw usageError(`MultiChartQA has no mode "${mode}".`, { where: '--mode', hint: `Modes: ${modes.join(', ')}.` });
  }
  const options = readOptions(given.options);
  if (data === undefined) {
    throw usageError('The data of MultiChartQA is not here yet.', {
      code: 'data-missing',
      where: '--data',
      hint: 'Fetch it with `fettle data pull multichartqa`, or give a folder, an archive or a file with --data.',
    });
  }
  const partRules = options.labels === undefined ? undefined : await readPartRules(options.labels);
  const loaded = await loadQuestions(data, { order: options.order, signal });
  try {
    const { kept, note } = keptGroups(loaded.questions, options, repliesOnly);
    const questions = firstOf(kept, given).map((question) => withSmallCharts(question, options, onNote));
    const captioned = options.view === 'captioned' && !repliesOnly;
    return {
      tasks: tasksOf(questions, {
        mode,
        options,
        partRules,
        captioner: captioned ? createCaptioner({ characters: options.captionCharacters, signal, onNote }) : undefined,
      }),
      limited: true,
      ...(mode === 'reference' ? { settle: settleReference } : {}),
      dataHash: loaded.dataHash,
      location: loaded.location,
      notes: [
        ...loaded.notes,
        ...(note === undefined ? [] : [note]),
        ...(repliesOnly ? [] : notesOn(questions, options)),
      ],
    };
  } catch (error) {
    await loaded.close();
    throw error;
  }
}

function isMode(mode: string): mode is Mode {
  return modes.some((known) => known === mode);
}

/** Leaves out groups of which no chart is here, where that is asked for or the data is a part of the whole. */
function keptGroups(
  questions: readonly Question[],
  { groups }: ChartOptions,
  repliesOnly: boolean,
): { kept: readonly Question[]; note?: string } {
  if (groups === 'all' || (groups === 'auto' && repliesOnly)) return { kept: questions };
  const kept = questions.filter(({ charts }) => charts.some(({ image }) => image !== undefined));
  if (kept.length === questions.length) return { kept };
  // Data without any chart is data without charts, and not a part of them.
  if (kept.length === 0 && groups === 'auto') return { kept: questions };
  const left = new Set(questions.filter((question) => !kept.includes(question)).map(({ group }) => group)).size;
  return {
    kept,
    note: `${left} groups (${questions.length - kept.length} of ${questions.length} questions) have no chart here and are left out; --option groups=all keeps them`,
  };
}

/** Tasks are kinds of question here and lie mixed in the data: a limit counts questions, as `--limit 50` reads. */
function firstOf(
  questions: readonly Question[],
  { tasks, limit }: Pick<BenchmarkOptions, 'tasks' | 'limit'>,
): readonly Question[] {
  if (limit === undefined) return questions;
  return questions.filter(({ task }) => tasks?.includes(task) ?? true).slice(0, limit);
}

function withSmallCharts(
  question: Question,
  { maxMegapixels, view }: ChartOptions,
  onNote: ((text: string) => void) | undefined,
): Question {
  if (maxMegapixels === undefined || view !== 'images') return question;
  const charts = question.charts.map(({ path, image }) => ({
    path,
    image: image === undefined ? undefined : shrunkImage(image, { maxPixels: maxMegapixels * 1e6, onNote }),
  }));
  return { ...question, charts };
}

function notesOn(questions: readonly Question[], options: ChartOptions): string[] {
  const notes: string[] = [];
  const uncertain = new Set(questions.filter(({ charts }) => orderDiffers(charts)).map(({ group }) => group)).size;
  if (uncertain > 0 && options.order === 'json') {
    notes.push(
      `in ${uncertain} groups the charts' order differs from that of their file names, which the released runs used: see the breakdown "order"`,
    );
  }
  if (options.view === 'images' && options.maxMegapixels !== undefined) {
    notes.push(
      `charts above ${options.maxMegapixels} million pixels are sent smaller; --option downsize=off sends all as they are`,
    );
  }
  if (options.onlyReferenced) {
    const unclear = questions.filter(
      ({ task, question }) => categoryOf(task) === 'Direct' && namedCharts(question).length !== 1,
    ).length;
    notes.push(`${unclear} Direct questions do not name one chart by number and keep all charts`);
  }
  if (options.shuffle !== undefined) notes.push(`the charts of every group are shuffled (seed ${options.shuffle})`);
  return notes;
}
