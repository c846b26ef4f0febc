import type { DataFault } from '../../../core/index.ts';
import { readRows, readXml } from '../../../data/index.ts';
import type { ProblemFile } from './find-files.ts';
import type { Problem, ProblemContent, RowTrouble } from './problem.ts';
import { readAsdivProblem, readProblem } from './read-problem.ts';

export type OnFault = (fault: DataFault) => void;

async function* contents(
  { entry, form }: ProblemFile,
  onFault: OnFault | undefined,
  signal: AbortSignal | undefined,
): AsyncGenerator<{ read: ProblemContent | RowTrouble; line: number }, void, undefined> {
  if (form === 'asdiv-xml') {
    for await (const element of readXml(entry, { record: 'Problem', signal })) {
      yield { read: readAsdivProblem(element), line: element.line };
    }
    return;
  }
  for await (const { value, line } of readRows(entry, { onFault, signal })) {
    yield { read: readProblem(form, value), line };
  }
}

/**
 * The problems of one file in its order, those without an id named after their set and row. Every fault goes to `onFault`
 * and its row is left out.
 */
export async function* readFile(
  file: ProblemFile,
  { onFault, first = 1, signal }: { onFault: OnFault; first?: number; signal?: AbortSignal | undefined },
): AsyncGenerator<Problem, void, undefined> {
  const { label } = file.entry;
  const prefix = file.split === 'test' ? file.set.name : `${file.set.name}-${file.split}`;
  const lines = new Map<string, number>();
  let row = first - 1;
  for await (const { read, line } of contents(file, onFault, signal)) {
    row++;
    if ('message' in read) {
      onFault({ file: label, line, severity: 'error', ...read });
      continue;
    }
    const id = read.id ?? `${prefix}-${row}`;
    const other = lines.get(id);
    if (other !== undefined) {
      const message = `the id ${JSON.stringify(id)} is that of line ${other} too`;
      onFault({ file: label, line, severity: 'error', message, hint: 'Give every problem its own id.' });
      continue;
    }
    lines.set(id, line);
    yield { ...read, id, file: label, line };
  }
}
