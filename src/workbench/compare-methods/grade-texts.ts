import { FettleError, type Sample, type Task } from '../../core/index.ts';

/** Judges a text as the task's first scorer would judge an answer; null where that needs a model or gives no number. */
export type GradeText = (task: string, sampleId: string, text: string) => Promise<number | null>;

/** A value of 1 is right, whatever rounding did to it. */
export const isRight = (value: number): boolean => value > 1 - 1e-9;

/** Texts that were judged before are not judged again: paths of one question often agree word for word. */
export function createGrader(tasks: readonly Task[], limit: number | undefined): GradeText {
  const byName = new Map(tasks.map((task) => [task.name, task]));
  const samples = new Map<string, Promise<ReadonlyMap<string, Sample>>>();
  const grades = new Map<string, Promise<number | null>>();
  const signal = new AbortController().signal;
  const judge = async (name: string, sampleId: string, text: string): Promise<number | null> => {
    const task = byName.get(name);
    if (task === undefined) return null;
    let known = samples.get(name);
    if (known === undefined) samples.set(name, (known = samplesOf(task, limit)));
    const sample = (await known).get(sampleId);
    if (sample === undefined) return null;
    try {
      return (await task.scorers[0].score({ text }, sample, { models: {}, signal })).value;
    } catch (error) {
      // What the reference crashes on has no number either.
      if (FettleError.isInstance(error)) return null;
      throw error;
    }
  };
  return (task, sampleId, text) => {
    const key = JSON.stringify([task, sampleId, text]);
    let grade = grades.get(key);
    if (grade === undefined) grades.set(key, (grade = judge(task, sampleId, text)));
    return grade;
  };
}

async function samplesOf(task: Task, limit: number | undefined): Promise<ReadonlyMap<string, Sample>> {
  const samples = new Map<string, Sample>();
  if (limit === 0) return samples;
  for await (const sample of task.samples()) {
    samples.set(sample.id, sample);
    if (limit !== undefined && samples.size >= limit) break;
  }
  return samples;
}
