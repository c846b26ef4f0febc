import type { ImageReference, Sample, Settle, Task } from '../../core/index.ts';
import type { Captioner } from '../captions.ts';
import type { ImageFinder } from './data/image-finder.ts';
import { goldsOf, type Question } from './data/question.ts';
import type { DocumentOptions } from './options.ts';
import { captionedPromptOf, letterOf, promptOf } from './prompts.ts';
import { type ReferenceFile, settleLetters } from './reference/settle.ts';
import { referenceScorers, strictScorers } from './scorers.ts';
import type { EvaluationSet } from './sets.ts';

export type Mode = 'strict' | 'reference';

export interface TaskContext {
  readonly images: ImageFinder;
  readonly mode: Mode;
  readonly options: DocumentOptions;
  /** Absent where images are not read for the model. */
  readonly captioner: Captioner | undefined;
}

export interface SetTasks {
  readonly tasks: readonly Task[];
  readonly settle?: Settle;
}

/** New tokens by what is asked for; the released drivers stop at 128 whatever it is. */
const budgets = { direct: 128, none: 256, cot: 1024 } as const;

/** A task for every set, and for sets whose tasks have metrics of their own one for every category. */
export function tasksOf(bySet: ReadonlyMap<EvaluationSet, readonly Question[]>, context: TaskContext): SetTasks {
  const files = new Map<string, ReferenceFile>();
  let position = 0;
  const tasks = [...bySet].flatMap(([set, questions]) => {
    const start = position;
    position += questions.length;
    const placed = questions.map((question, i): Placed => ({ question, position: start + i }));
    const file: ReferenceFile = {
      byId: new Map(questions.map((question) => [question.id, question])),
      rows: Math.max(0, ...questions.map(({ row }) => row + 1)),
    };
    const parts = set.byCategory
      ? Map.groupBy(placed, ({ question }) => question.category ?? 'other')
      : new Map([['', placed]]);
    return [...parts].map(([category, members]) => {
      const name = category === '' ? set.name : `${set.name}/${category}`;
      files.set(name, file);
      return taskOf(name, set, members, context);
    });
  });
  if (context.mode === 'strict') return { tasks };
  const { driver, shards } = context.options;
  return { tasks, settle: settleLetters((task) => files.get(task), { driver, shards, scorer: 'accuracy' }) };
}

interface Placed {
  readonly question: Question;
  /** Place in the data, over all files. */
  readonly position: number;
}

function taskOf(name: string, set: EvaluationSet, members: readonly Placed[], context: TaskContext): Task {
  const { mode, options } = context;
  const byId = new Map(members.map(({ question }) => [question.id, question]));
  const scorers = mode === 'strict' ? strictScorers(set, byId, options) : referenceScorers(set, byId, options);
  return {
    name,
    size: members.length,
    scorers,
    generation: { temperature: 0, maxTokens: budgets[options.prompt.setting] },
    labels: { set: set.name, metric: scorers[0].name },
    samples: () => samplesOf(members, set, context),
  };
}

/** Questions whose images are read ahead of the one that is asked for. */
const readAhead = 3;

async function* samplesOf(
  members: readonly Placed[],
  set: EvaluationSet,
  { images, options: { prompt }, captioner }: TaskContext,
): AsyncGenerator<Sample, void, undefined> {
  const referencesOf = ({ question }: Placed): ImageReference[] =>
    question.images.map((path) => images.image(path, question.id));
  if (captioner === undefined) {
    for (const placed of members) {
      // What the model is not shown is not looked for either.
      const shown = prompt.view === 'images' ? referencesOf(placed) : [];
      yield sampleOf(placed, set, promptOf(placed.question, shown, set, prompt));
    }
    return;
  }
  const captioned = async (placed: Placed): Promise<Sample> => {
    try {
      const { texts } = await captioner(referencesOf(placed));
      return sampleOf(placed, set, captionedPromptOf(placed.question, texts, set, prompt));
    } catch (error) {
      // An image that cannot be read fails this sample when it is answered, and no other.
      const image: ImageReference = { label: placed.question.id, load: () => Promise.reject(error) };
      return sampleOf(placed, set, [{ role: 'user', content: [{ type: 'image', image }] }]);
    }
  };
  const ahead = members.slice(0, readAhead).map(captioned);
  for (let next = readAhead; ahead.length > 0; next++) {
    const sample = await (ahead.shift() as Promise<Sample>);
    const placed = members[next];
    if (placed !== undefined) ahead.push(captioned(placed));
    yield sample;
  }
}

function sampleOf({ question, position }: Placed, set: EvaluationSet, input: Sample['input']): Sample {
  return {
    id: question.id,
    input,
    target: typeof question.answers === 'string' ? question.answers : [...question.answers],
    ...(question.type === 'multiple-choice' && { choices: (question.options ?? []).map((_, i) => letterOf(i)) }),
    ...(question.group !== undefined && { group: `${set.name}/${question.group}` }),
    labels: labelsOf(question, set),
    position,
    metadata: { file: question.file, line: question.line, images: question.images.length },
  };
}

function labelsOf(question: Question, set: EvaluationSet): Record<string, string> {
  return {
    set: set.name,
    type: question.type,
    images: imageCountLabel(question.images.length),
    ...(question.imageType !== undefined && { 'image type': question.imageType }),
    ...(question.category !== undefined && { category: question.category }),
    ...(set.unanswerable && { answer: goldsOf(question).length === 0 ? 'unanswerable' : 'answerable' }),
  };
}

const ranges: readonly (readonly [number, string])[] = [
  [4, ''],
  [8, '5-8'],
  [16, '9-16'],
  [32, '17-32'],
];

/** How many images the question came with, before any tiling. */
export function imageCountLabel(count: number): string {
  const range = ranges.find(([most]) => count <= most)?.[1] ?? 'over 32';
  return range === '' ? String(count) : range;
}
