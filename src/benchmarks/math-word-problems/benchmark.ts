import { type Benchmark, type BenchmarkOptions, type OpenedBenchmark, usageError } from '../../core/index.ts';
import type { MathBenchmark } from './catalogue.ts';
import { checkProblems } from './check.ts';
import { findFiles } from './data/find-files.ts';
import { loadProblems, type LoadedProblems } from './data/load.ts';
import { type MathMode, mathModes, plainModes } from './modes.ts';
import { type MathOptions, readOptions } from './options.ts';
import { ownExamples } from './own-examples.ts';
import type { Example } from './prompts.ts';
import type { ProblemSet } from './sets.ts';
import { allSources, sourceOf } from './source.ts';
import { tasksOf, usedExamples } from './tasks.ts';

/**
 * Problems in mathematics, as StepCo (Wu et al., ACL 2025, arXiv 2410.12934) is evaluated on: one set, or all that the
 * data has.
 */
export function mathBenchmark({ name, title, description, set }: MathBenchmark): Benchmark {
  const modes = set === undefined || set.kind === 'latex' ? mathModes : plainModes;
  const source = set === undefined ? allSources : sourceOf(set);
  return {
    name,
    title,
    description,
    modes,
    groupBy: 'family',
    breakdowns: ['level', 'subject', 'source', 'steps', 'type', 'grade'],
    breakdownMean: 'samples',
    ...(source !== undefined && { source }),
    open: (options) => open(options, name, title, set),
    check: (data) => checkProblems(data, set),
  };
}

async function open(
  given: BenchmarkOptions,
  name: string,
  title: string,
  own: ProblemSet | undefined,
): Promise<OpenedBenchmark> {
  const mode = mathModes.find((one) => one === given.mode);
  if (mode === undefined) {
    throw usageError(`${title} has no mode "${given.mode}".`, {
      where: '--mode',
      hint: `Modes: ${mathModes.join(', ')}.`,
    });
  }
  const options = readOptions(given.options);
  if (own !== undefined && options.set !== undefined && options.set !== own) {
    throw usageError(`The benchmark ${own.name} cannot read ${options.set.title}.`, {
      where: '--option set',
      hint: `Run ${options.set.name} itself.`,
    });
  }
  const wanted = own ?? options.set;
  const data = given.data ?? (await withinReplies(given.replies, wanted));
  if (data === undefined) {
    throw usageError(`The data of ${title} is not here yet.`, {
      code: 'data-missing',
      where: '--data',
      hint: `Fetch it with \`fettle data pull ${name}\`, or give a folder, an archive or a file with --data.`,
    });
  }
  const loaded = await loadProblems(data, wanted, { ...options, signal: given.signal });
  return {
    tasks: tasksOf(refuseMode(loaded, mode), {
      mode,
      options,
      examples: await examplesOf(loaded, options, given.signal),
    }),
    dataHash: loaded.dataHash,
    location: loaded.location,
    notes: [...loaded.notes, ...exampleNotes(loaded, options)],
  };
}

/** Files of replies that hold their questions and right answers are data too. */
async function withinReplies(replies: string | undefined, wanted: ProblemSet | undefined): Promise<string | undefined> {
  if (replies === undefined) return undefined;
  const { files, tree } = await findFiles(replies, wanted);
  await tree.close();
  return files.length > 0 ? replies : undefined;
}

/** PRM800K's grader is one of LaTeX: other sets are left out of the family, as the one before it says. */
function refuseMode({ bySet, location }: LoadedProblems, mode: MathMode): LoadedProblems['bySet'] {
  if (mode !== 'prm800k') return bySet;
  const kept = new Map([...bySet].filter(([{ kind }]) => kind === 'latex'));
  if (kept.size > 0) return kept;
  throw usageError('The mode prm800k grades answers in LaTeX, and no set here has them.', {
    where: '--mode prm800k',
    hint: `Sets with answers in LaTeX are math and math500; the data is ${location}.`,
  });
}

async function examplesOf(
  loaded: LoadedProblems,
  { shots, examples }: MathOptions,
  signal: AbortSignal | undefined,
): Promise<Map<ProblemSet, readonly Example[]>> {
  const bySet = new Map<ProblemSet, readonly Example[]>();
  if (shots === 0) return bySet;
  for (const set of loaded.bySet.keys()) {
    const own = ownExamples[set.kind];
    let found: readonly Example[] = own;
    if (typeof examples === 'object') found = await examplesFromFile(examples.file, set, shots, signal);
    else if (examples !== 'own') {
      const train = usedExamples(loaded.train.get(set) ?? [], shots);
      if (train.length > 0) found = train;
      else if (examples === 'train') {
        throw usageError(`There are no solved problems of ${set.title} beside the data.`, {
          where: '--option examples=train',
          hint: 'Give a folder with a training file, `examples=FILE`, or `examples=own` for ours.',
        });
      }
    }
    if (found.length < shots) {
      throw usageError(`There are ${found.length} worked examples for ${set.title}, and ${shots} are asked for.`, {
        where: '--option shots',
        hint: 'Ask for fewer, or give a file of solved problems: --option examples=FILE.',
      });
    }
    bySet.set(set, found);
  }
  return bySet;
}

async function examplesFromFile(
  file: string,
  set: ProblemSet,
  shots: number,
  signal: AbortSignal | undefined,
): Promise<Example[]> {
  const { files, tree } = await findFiles(file, set);
  await tree.close();
  const split = files[0]?.split ?? 'train';
  const loaded = await loadProblems(file, set, { ...readOptions({}), split, signal });
  return usedExamples(loaded.bySet.get(set) ?? [], shots);
}

function exampleNotes(loaded: LoadedProblems, { shots, examples }: MathOptions): string[] {
  if (shots === 0 || typeof examples === 'object') return [];
  const ours = [...loaded.bySet.keys()].filter((set) => examples === 'own' || !(loaded.train.get(set)?.length ?? 0));
  if (ours.length === 0) return [];
  return [`the ${shots} worked examples of ${ours.map(({ name }) => name).join(', ')} are written for Fettle`];
}
