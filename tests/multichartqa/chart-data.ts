// A small data set in the forms of MultiChartQA. Charts and questions are ours.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { pack } from 'tar-stream';
import { drawChart } from '../../src/data/ocr/testing/draw-chart.ts';

interface MadeGroup {
  readonly name: string;
  /** In the order that "the first chart" means. */
  readonly files: readonly string[];
}

export const madeGroups: readonly MadeGroup[] = [
  { name: 'pew_2_orchards', files: ['a.png', 'b.png', 'c.png'] },
  // By name, c2 comes before c10: the released runs would send them in another order.
  { name: 'added_arxiv_9901.00001v1', files: ['c10.png', 'c2.png'] },
];

/** What the bytes really are, whatever the name says. */
const types: Readonly<Record<string, 'png' | 'jpeg' | 'webp'>> = { 'b.png': 'jpeg', 'c.png': 'webp' };

const kinds = [
  {
    task: 'Direct_Questions/Structure',
    type: 'open-ended',
    question: 'Question: How many bars has the second chart?',
    answer: '2',
  },
  {
    task: 'Parallel_Questions/Mixed',
    type: 'open-ended',
    question: 'Question: 1. Title of the first chart? 2. Lowest value in the second chart?',
    answer: 'Yield; 11',
  },
  {
    task: 'Comparative_Reasoning/Content',
    type: 'multiple-choice',
    question: 'Question: Which chart peaks higher?\nA. The first\nB. The second',
    answer: 'A',
  },
  {
    task: 'Sequential_Reasoning/Content',
    type: 'open-ended',
    question: 'Question: Take the highest bar of the first chart. Its value in the second chart?',
    answer: '11%',
  },
] as const;

export type MadeRow = Record<string, unknown> & {
  id: string;
  answer: string;
  type: string;
  task: string;
  image: string[];
};

/** The rows of a group as they are released. */
export function rowsOf({ name, files }: MadeGroup): MadeRow[] {
  return kinds.map((kind, i) => ({
    id: `${name}_question_${i}`,
    image: files.map((file) => `data\\${name}\\${file}`),
    ...kind,
    context: null,
  }));
}

export function mergedRows(): Record<string, unknown>[] {
  return madeGroups.flatMap((group) =>
    rowsOf(group).map((row, i) => ({
      ...row,
      group: group.name,
      q: i + 1,
      charts: group.files.map((file) => `${group.name}/${file}`),
      in_images_tar: true,
    })),
  );
}

const drawn = new Map<string, Promise<Buffer>>();

/** A chart of its own for every file: the number of its group and place stands in the title. */
export function chartBytes(group: string, file: string): Promise<Buffer> {
  const key = `${group}/${file}`;
  let bytes = drawn.get(key);
  if (bytes === undefined) {
    const place = madeGroups.findIndex(({ name }) => name === group) * 10 + (file.charCodeAt(0) % 7);
    const chart = {
      title: `Yield ${place + 10}`,
      bars: [
        ['East', 11 + place],
        ['West', 35],
      ],
    } as const;
    bytes = drawChart(chart, types[file]);
    drawn.set(key, bytes);
  }
  return bytes;
}

async function writeFileIn(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}

/** `FOLDER/data/GROUP/…` as in the authors' repository. */
export async function writeReleased(folder: string): Promise<string> {
  for (const group of madeGroups) {
    const at = join(folder, 'data', group.name);
    await writeFileIn(join(at, 'chart-path_and_question-answer_pair.json'), JSON.stringify(rowsOf(group), null, 2));
    for (const file of group.files) await writeFileIn(join(at, file), await chartBytes(group.name, file));
  }
  return folder;
}

/** One file of all questions, and the charts in a tar archive beside it. */
export async function writeMerged(folder: string, { gzip = false } = {}): Promise<string> {
  const text = mergedRows()
    .map((row) => `${JSON.stringify(row)}\n`)
    .join('');
  await writeFileIn(join(folder, `multichartqa.jsonl${gzip ? '.gz' : ''}`), gzip ? gzipSync(text) : text);
  await writeFileIn(join(folder, 'images-2-groups.tar'), await chartsTar());
  return folder;
}

async function chartsTar(): Promise<Buffer> {
  const archive = pack();
  for (const { name, files } of madeGroups) {
    for (const file of files) archive.entry({ name: `${name}/${file}` }, await chartBytes(name, file));
  }
  archive.finalize();
  return Buffer.concat(await Array.fromAsync(archive as AsyncIterable<Buffer>));
}

/** The hub's file, charts as a column of lists or of texts, and charts in folders beside it. */
export async function writeParquet(folder: string, charts: 'list' | 'text'): Promise<string> {
  const rows = madeGroups.flatMap(rowsOf);
  const column = (name: string) => ({ name, data: rows.map((row) => row[name] as string), type: 'STRING' as const });
  const image =
    charts === 'list'
      ? { name: 'image', data: rows.map((row) => row.image), type: 'JSON' as const }
      : {
          name: 'image',
          data: rows.map((row) => `['${row.image.join("', '").replaceAll('\\', '\\\\')}']`),
          type: 'STRING' as const,
        };
  const columnData = [...['id', 'question', 'answer', 'task', 'type'].map(column), image];
  await writeFileIn(join(folder, 'val.parquet'), new Uint8Array(parquetWriteBuffer({ columnData })));
  for (const { name, files } of madeGroups) {
    for (const file of files) await writeFileIn(join(folder, 'images', name, file), await chartBytes(name, file));
  }
  return folder;
}

/** The files of a folder by relative path, for packing them. */
export async function filesOf(folder: string): Promise<ReadonlyMap<string, Buffer>> {
  const files = new Map<string, Buffer>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files.set(relative(folder, path), await readFile(path));
  }
  return files;
}
