import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';
import type { Sample, Score, Task } from '../../../core/index.ts';

const folders: string[] = [];

afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A folder with these files; values that are not texts become JSON Lines. Removed after the tests of a file. */
export function folderWith(files: Readonly<Record<string, string | readonly unknown[]>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'shopping-mmlu-'));
  folders.push(folder);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    const text = typeof content === 'string' ? content : content.map((row) => JSON.stringify(row)).join('\n');
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

/** A choice row in the skill layout. */
export const choiceRow = {
  input_field: 'Which of these is a fruit?\n0. pear\n1. pot\n2. pen\n3. pan\nAnswer: ',
  output_field: 0,
  task_name: 'fruit',
  task_type: 'multiple-choice',
  metric: 'accuracy',
};

export async function samplesOf(tasks: readonly Task[]): Promise<{ task: Task; sample: Sample }[]> {
  const all: { task: Task; sample: Sample }[] = [];
  for (const task of tasks) for await (const sample of task.samples()) all.push({ task, sample });
  return all;
}

export async function scored(task: Task, sample: Sample, text: string, models = {}): Promise<Score> {
  return task.scorers[0].score({ text }, sample, { models, signal: new AbortController().signal });
}
