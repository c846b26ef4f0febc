import type { DataFault } from '../../core/index.ts';
import { chooseFiles } from './data/choose-files.ts';
import { findFiles, splitNames } from './data/find-files.ts';
import { goldText, type Problem } from './data/problem.ts';
import { readFile } from './data/read-file.ts';
import type { ProblemSet } from './sets.ts';

/**
 * Every fault of a data folder: rows that cannot be read, with file and line; repeated ids and questions; options that say
 * the same; fewer or more rows than were released; files that are left out.
 */
export async function* checkProblems(data: string, wanted: ProblemSet | undefined): AsyncGenerator<DataFault> {
  const found = await findFiles(data, wanted);
  await using tree = found.tree;
  for (const { path, reason } of found.ignored) {
    yield { file: path, severity: 'warning', message: `left out: ${reason}` };
  }
  for (const note of tree.notes) yield { file: tree.location, severity: 'warning', message: note };
  if (found.files.length === 0) {
    const message = `there are no problems ${wanted === undefined ? '' : `of ${wanted.title} `}here`;
    yield { file: tree.location, severity: 'error', message };
  }
  for (const file of found.files) {
    const faults: DataFault[] = [];
    const seen = new Map<string, Problem>();
    let rows = 0;
    for await (const problem of readFile(file, { onFault: (fault) => faults.push(fault) })) {
      yield* faults.splice(0);
      rows++;
      yield* problemFaults(problem, seen);
    }
    yield* faults;
    if (rows === 0) yield { file: file.entry.label, severity: 'error', message: 'the file has no rows' };
  }
  for (const split of splitNames) {
    if (split !== 'test') continue;
    for (const [set, files] of chooseFiles(found, split, undefined)) {
      const form = files[0]?.form;
      const released = form === undefined ? undefined : set.rows[form];
      if (released === undefined) continue;
      let rows = 0;
      for (const file of files) {
        for await (const _ of readFile(file, { onFault: () => undefined })) rows++;
      }
      if (rows === released) continue;
      const message = `${rows} problems of ${set.title} can be read, and ${released} were released in this form`;
      yield { file: files[0]?.entry.label ?? tree.location, severity: 'warning', message };
    }
  }
}

function* problemFaults(problem: Problem, seen: Map<string, Problem>): Generator<DataFault> {
  const { file, line, options } = problem;
  const key = JSON.stringify([problem.question, options ?? null]);
  const twin = seen.get(key);
  if (twin === undefined) seen.set(key, problem);
  else if (goldText(twin) === goldText(problem)) {
    yield { file, line, severity: 'warning', message: `the question is that of line ${twin.line} again` };
  } else {
    const message = `the question is that of line ${twin.line} with another answer: ${goldText(problem)} and ${goldText(twin)}`;
    yield { file, line, severity: 'warning', message };
  }
  if (
    options !== undefined &&
    new Set(options.map((option) => option.replace(/^\(?[A-Z]\s*[).:]\s*/, ''))).size < options.length
  ) {
    yield { file, line, severity: 'warning', message: 'two options say the same' };
  }
  if (/\ufffd/.test(problem.question)) {
    yield { file, line, severity: 'warning', message: 'the question has replacement characters (U+FFFD)' };
  }
}
