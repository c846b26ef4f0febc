import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Benchmark, type Scorer, usageError } from '../../core/index.ts';
import { formatOfName, openData, samplesFromRows } from '../../data/index.ts';
import { createScorer } from '../../scorers/index.ts';

export interface FileEvaluation {
  readonly path: string;
  readonly fields: {
    readonly input: string;
    readonly target: string;
    readonly id: string;
    readonly choices?: string | undefined;
    readonly image?: string | undefined;
    readonly group?: string | undefined;
    readonly system?: string | undefined;
  };
  /** As `--scorer` writes them. */
  readonly scorers: readonly string[];
}

/** An evaluation without code: each row of a file is a sample. The file is streamed, however long it is. */
export async function fileBenchmark({ path, fields, scorers: specs }: FileEvaluation): Promise<Benchmark> {
  if (!existsSync(path)) throw usageError(`There is no file ${path}.`, { where: path });
  if (formatOfName(path) === undefined) {
    throw usageError('The file’s ending does not say what it holds.', {
      where: path,
      hint: 'Name it .jsonl, .json, .csv, .tsv or .parquet (also with .gz).',
    });
  }
  const [first, ...rest] = await Promise.all(specs.map(createScorer));
  const scorers: [Scorer, ...Scorer[]] = [first ?? (await createScorer('exact')), ...rest];
  const name = path.replace(/^.*[\\/]/, '').replace(/\.[a-z]+(?:\.gz|\.zst)?$/i, '');
  return {
    name,
    title: name,
    description: `Rows of ${path}`,
    modes: ['strict'],
    async open({ options }) {
      const [unknown] = Object.keys(options);
      if (unknown !== undefined) {
        throw usageError(`A file of rows has no option "${unknown}".`, {
          where: `--option ${unknown}`,
          hint: 'What its fields are is said by --input-field and the like; see fettle run --help.',
        });
      }
      const file = await openData(path);
      // Nothing is opened yet, and the hash is of what was opened unless entries are named.
      const dataHash = await file.sha256((await file.list()).map((entry) => entry.path));
      await file.close();
      return {
        dataHash,
        location: path,
        tasks: [
          {
            name,
            scorers,
            labels: { metric: scorers[0].name },
            async *samples() {
              // Images are looked up beside the file and nowhere else.
              const tree = fields.image === undefined ? undefined : await openData(dirname(path));
              try {
                yield* samplesFromRows(path, {
                  inputField: fields.input,
                  targetField: fields.target,
                  idField: fields.id === 'id' ? undefined : fields.id,
                  choicesField: fields.choices,
                  imageField: fields.image,
                  groupField: fields.group,
                  systemField: fields.system,
                  tree,
                });
              } finally {
                await tree?.close();
              }
            },
          },
        ],
      };
    },
  };
}
