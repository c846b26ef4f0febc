import { type Benchmark, type BenchmarkOptions, type OpenedBenchmark, usageError } from '../../core/index.ts';
import { hashImageItems, type ImageSetForm, openImageSet } from '../../data/index.ts';
import { checkImages } from './check.ts';
import { readImageTextOptions } from './options.ts';
import { labelsOf, retrievalTasks, zeroShotTask } from './tasks.ts';

export interface ImageTextBenchmark {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly form: ImageSetForm;
  /** What `--data` takes, for the message where it is absent. */
  readonly expected: string;
}

/** A benchmark over one form of image set; items with classes are classified, items with captions are searched. */
export function imageTextBenchmark({ name, title, description, form, expected }: ImageTextBenchmark): Benchmark {
  return {
    name,
    title,
    description,
    modes: ['strict'],
    groupBy: 'task',
    breakdowns: form === 'classes' ? ['set', 'relation', 'superclass', 'class'] : ['set', 'relation', 'class'],
    open: (options) => open(options, { title, form, expected }),
    check: (data) => checkImages(data, form),
  };
}

async function open(
  { data, options }: BenchmarkOptions,
  { title, form, expected }: Pick<ImageTextBenchmark, 'title' | 'form' | 'expected'>,
): Promise<OpenedBenchmark> {
  const chosen = readImageTextOptions(options);
  if (data === undefined) {
    throw usageError(`${title} has to be given as data.`, { code: 'data-missing', where: '--data', hint: expected });
  }
  const { captions, splits, labels } = chosen;
  const set = await openImageSet(data, { form, captions, splits, labels });
  try {
    const hasSplits = set.items.some(({ split }) => split !== undefined);
    const items =
      chosen.split === 'all' || !hasSplits ? set.items : set.items.filter(({ split }) => split === chosen.split);
    if (items.length === 0) {
      throw usageError(`${data} holds no items of the split ${chosen.split}.`, {
        where: '--option split',
        hint: 'Choose train, validation, test or all.',
      });
    }
    const classes = set.classes ?? [];
    const labelled = labelsOf(items, classes, set.superclasses ?? new Map(), chosen.forget);
    if (chosen.forget !== undefined && !items.some((item) => labelled(item)['set'] === 'forget')) {
      throw usageError(`No item of ${data} matches the forget rule ${JSON.stringify(chosen.forget)}.`, {
        where: '--option forget',
        hint: classes.length > 0 ? `Classes: ${classes.slice(0, 10).join(', ')}, …` : 'Check the words.',
      });
    }
    const tasks = [
      ...(classes.length > 1 ? [zeroShotTask(items, classes, labelled, chosen)] : []),
      ...(items.some((item) => item.captions !== undefined) ? retrievalTasks(items, labelled) : []),
    ];
    // Images are read while samples run, so the set stays open as long as the process.
    return { tasks, dataHash: await hashImageItems(items), location: set.location, notes: set.notes };
  } catch (error) {
    await set.close();
    throw error;
  }
}
