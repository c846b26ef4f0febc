import type { Sample, Task } from '../../core/index.ts';
import { orderDiffers } from './data/load.ts';
import type { Question } from './data/question.ts';
import { type Captioner } from '../captions.ts';
import type { ChartOptions } from './options.ts';
import { captionedPromptOf, imageOf, promptOf, unreadableImage } from './prompts.ts';
import {
  type ChartTarget,
  createChartScorer,
  createJudgeScorer,
  createRelaxedScorer,
  type PartRule,
} from './scoring/index.ts';
import { type ShownQuestion, shownQuestion } from './shown-charts.ts';
import { categoryOf, knownTasks, type Mode, sourceOf, subtypeOf } from './vocabulary.ts';

export interface TaskContext {
  readonly mode: Mode;
  readonly options: ChartOptions;
  readonly partRules: ReadonlyMap<string, readonly PartRule[]> | undefined;
  /** Absent where captions are not asked for. */
  readonly captioner: Captioner | undefined;
}

/** New tokens: enough for two lines. The released runs allow 1,000, which small models fill with repetitions. */
const maxTokens = { cot: 512, direct: 128 } as const;
/** Questions whose charts are read ahead of the one that is asked for. */
const readAhead = 3;

interface Placed {
  readonly question: Question;
  /** Place in the data. */
  readonly position: number;
}

/** One task a kind of question, in the order of the paper's table; kinds that the data lacks have none. */
export function tasksOf(questions: readonly Question[], context: TaskContext): Task[] {
  const placed = questions.map((question, position): Placed => ({ question, position }));
  const byTask = Map.groupBy(placed, ({ question }) => question.task);
  const rank = (name: string): number => knownTasks.findIndex((known) => known === name) >>> 0;
  return [...byTask].toSorted(([a], [b]) => rank(a) - rank(b)).map(([name, members]) => taskOf(name, members, context));
}

function taskOf(name: string, members: readonly Placed[], context: TaskContext): Task {
  const { mode, options, partRules } = context;
  return {
    name,
    size: members.length,
    samples: () => samplesOf(members, context),
    scorers: [createChartScorer(mode, { partRules }), createRelaxedScorer(), createJudgeScorer()],
    generation: { temperature: 0, maxTokens: maxTokens[options.form] },
    labels: { category: categoryOf(name), subtype: subtypeOf(name), metric: 'accuracy' },
  };
}

async function* samplesOf(
  members: readonly Placed[],
  { options, captioner }: TaskContext,
): AsyncGenerator<Sample, void, undefined> {
  if (captioner === undefined) {
    for (const placed of members) {
      const shown = shownQuestion(placed.question, options);
      yield sampleOf(placed, shown, promptOf(shown, options));
    }
    return;
  }
  const ahead: Promise<Sample>[] = [];
  const start = (placed: Placed | undefined): void => {
    if (placed === undefined) return;
    const sample = captionedSample(placed, options, captioner);
    // Met when its turn comes, or never where the run ends before.
    sample.catch(() => undefined);
    ahead.push(sample);
  };
  for (const placed of members.slice(0, readAhead)) start(placed);
  for (let next = readAhead; ahead.length > 0; next++) {
    const sample = await (ahead.shift() as Promise<Sample>);
    start(members[next]);
    yield sample;
  }
}

/** A chart that cannot be read fails this sample when it is answered, and no other. */
async function captionedSample(placed: Placed, options: ChartOptions, captioner: Captioner): Promise<Sample> {
  const shown = shownQuestion(placed.question, options);
  const images = shown.charts.map(imageOf);
  try {
    const { texts, cut } = await captioner(images);
    return sampleOf(placed, shown, captionedPromptOf(shown, texts, options), { caption: cut ? 'cut' : 'whole' });
  } catch (error) {
    const broken = unreadableImage(placed.question.id, error);
    return sampleOf(placed, shown, [{ role: 'user', content: [{ type: 'image', image: broken }] }]);
  }
}

function sampleOf(
  { question, position }: Placed,
  { charts }: ShownQuestion,
  input: Sample['input'],
  labels: Readonly<Record<string, string>> = {},
): Sample {
  const { id, answer, type, task, group, q, file, line } = question;
  const target = { answer, type, question: question.question, task, group, q } satisfies ChartTarget;
  return {
    id,
    input,
    target,
    group,
    labels: {
      category: categoryOf(task),
      source: sourceOf(group),
      charts: String(question.charts.length),
      kind: type === 'multiple-choice' ? 'choice' : 'open',
      order: orderDiffers(question.charts) ? 'uncertain' : 'certain',
      ...labels,
    },
    position,
    metadata: { file, line, charts: charts.map(({ path }) => path) },
  };
}
