import { type DataFault, FettleError } from '../../../core/index.ts';
import { type DataEntry, formatOfName, openData, readRows } from '../../../data/index.ts';
import { faultError } from '../../faulty-rows.ts';
import { type CaseForm, formOfCase, readCase } from './read-case.ts';
import type { CaseContent, StepCase } from './step-case.ts';

export interface LoadedCases {
  readonly cases: readonly StepCase[];
  readonly dataHash: string;
  readonly location: string;
  readonly notes: readonly string[];
}

type OnFault = (fault: DataFault) => void;

interface Placed {
  readonly content: CaseContent;
  readonly file: string;
  readonly line: number;
  readonly path: string;
  /** A file of results, which repeats the cases it was made from. */
  readonly isResult: boolean;
}

/**
 * All cases of one form. In a folder that holds cases and files of results made from them, the cases alone are read.
 * @throws FettleError `data-missing`, or what `onFault` throws
 */
export async function loadCases(
  data: string,
  form: CaseForm,
  { onFault = refuse, signal }: { onFault?: OnFault; signal?: AbortSignal | undefined } = {},
): Promise<LoadedCases> {
  await using tree = await openData(data);
  const entries = await tree.list((path) => tree.kind === 'file' || formatOfName(path) !== undefined);
  const placed: Placed[] = [];
  const used: DataEntry[] = [];
  let ignored = 0;
  for (const entry of entries) {
    const rows = await Array.fromAsync(readPlaced(entry, form, onFault, signal));
    if (rows.length > 0) used.push(entry);
    else ignored++;
    placed.push(...rows);
  }
  const own = placed.filter(({ isResult }) => !isResult);
  const cases = settle(own.length > 0 ? own : placed, tree.location);
  if (cases.length === 0) {
    throw new FettleError(`There are no cases of ${form === 'eic' ? 'EIC' : 'ProcessBench'} here.`, {
      code: 'data-missing',
      where: tree.location,
      hint:
        form === 'eic'
          ? 'Rows have question, transformed_solution, wrong_step, original_answer.'
          : 'Rows have id, problem, steps, label.',
      exitCode: 2,
    });
  }
  return {
    cases,
    dataHash: await tree.sha256(used.map(({ path }) => path)),
    location: tree.location,
    notes: [...(ignored > 0 ? [`${ignored} files hold no cases and are left out`] : []), ...tree.notes],
  };
}

async function* readPlaced(
  entry: DataEntry,
  form: CaseForm,
  onFault: OnFault,
  signal: AbortSignal | undefined,
): AsyncGenerator<Placed, void, undefined> {
  let first = true;
  for await (const { value, line } of readRows(entry, { signal, ...(onFault === refuse ? {} : { onFault }) })) {
    // A file of another kind is none of ours; a row that is not like those before it is a fault.
    if (first && formOfCase(value) !== form) return;
    first = false;
    const content = readCase(form, value);
    if ('message' in content) {
      onFault({ file: entry.label, line, severity: 'error', ...content });
      continue;
    }
    yield { content, file: entry.label, line, path: entry.path, isResult: 'is_correct' in value };
  }
}

/** Ids and tasks. Equal cases are told apart by their order. */
function settle(placed: readonly Placed[], location: string): StepCase[] {
  const seen = new Map<string, number>();
  const usual = new Map<string, string>();
  for (const [file, members] of Map.groupBy(placed, (one) => one.file)) usual.set(file, usualError(members));
  const several = new Set(placed.map(({ path }) => sourceOf(`${location}/${path}`))).size > 1;
  return placed.map(({ content, file, line, path }) => {
    const { key, task: named, ...rest } = content;
    const source = sourceOf(`${location}/${path}`);
    const task = named ?? (/^\d+$/.test(usual.get(file) ?? '') ? source : (usual.get(file) ?? source));
    const count = (seen.get(key) ?? 0) + 1;
    seen.set(key, count);
    return {
      ...rest,
      id: count === 1 ? key : `${key}-${count}`,
      task: several && source !== '' && task !== source ? `${source}/${task}` : task,
      labels: source === '' ? rest.labels : { source, ...rest.labels },
      file,
      line,
    };
  });
}

/** The error that most cases of a file have: a few are named otherwise than the folder they were made for. */
function usualError(members: readonly Placed[]): string {
  const counted = Map.groupBy(members, ({ content }) => content.labels['error'] ?? '');
  const [most] = [...counted].toSorted(([, a], [, b]) => b.length - a.length);
  return most === undefined || most[0] === '' ? 'cases' : most[0];
}

/** Where the problems come from, told by the file's name. */
function sourceOf(path: string): string {
  const name = path.toLowerCase();
  for (const source of ['mathqa', 'olympiadbench', 'omnimath', 'gsm8k', 'math']) {
    if (name.slice(name.lastIndexOf('/')).includes(source)) return source;
  }
  return name.includes('mathqa') ? 'mathqa' : name.includes('gsm8k') ? 'gsm8k' : '';
}

export function refuse(fault: DataFault): never {
  throw faultError(fault, '`fettle data check` lists every fault.');
}
