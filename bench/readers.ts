/**
 * How fast rows are read, as ratios to what one would write by hand in the same process.
 * Prints one JSON document. Usage: node bench/readers.ts [megabytes]
 */
import { execFileSync } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createRandom } from '../src/core/index.ts';
import { readRowBatches, readRows } from '../src/data/index.ts';

const megabytes = Number(process.argv[2] ?? 200);
const rounds = 3;

const random = createRandom('bench/readers');
const words = 'the which price colour of red size brand for buyer query title review asks best cheap large small'.split(
  ' ',
);
const sentence = (count: number): string =>
  Array.from({ length: count }, () => words[random.integer(words.length)]).join(' ');

/** Rows of about 600 bytes: a question, options, an answer and some numbers, as benchmark files have them. */
function jsonRow(index: number): string {
  return JSON.stringify({
    id: `row-${index}`,
    question: sentence(60),
    choices: [sentence(6), sentence(6), sentence(6), sentence(6)],
    answer: random.integer(4),
    score: random.integer(1000) / 8,
    language: 'en',
  });
}

const csvRow = (index: number): string => `row-${index},"${sentence(60)}","${sentence(12)}",${random.integer(4)}`;

async function write(path: string, header: string, row: (index: number) => string, bytes: number): Promise<number> {
  await using handle = await open(path, 'w');
  let written = 0;
  let block = header;
  for (let index = 0; written < bytes; index++) {
    block += `${row(index)}\n`;
    if (block.length < 1 << 20) continue;
    written += (await handle.write(block)).bytesWritten;
    block = '';
  }
  return written;
}

type Reader = () => Promise<number>;

/**
 * Megabytes for each second of processor time, the best of a few rounds that take turns:
 * what else a machine does disturbs all alike, and only ever makes them slower.
 */
async function rates<Name extends string>(bytes: number, readers: Record<Name, Reader>): Promise<Record<Name, number>> {
  const best = {} as Record<Name, number>;
  for (let round = 0; round < rounds; round++) {
    for (const [name, read] of Object.entries(readers) as [Name, Reader][]) {
      const before = process.cpuUsage();
      await read();
      const { user, system } = process.cpuUsage(before);
      best[name] = Math.max(best[name] ?? 0, bytes / (user + system));
    }
  }
  return best;
}

async function count(rows: AsyncIterable<unknown>): Promise<number> {
  let total = 0;
  for await (const row of rows) total += row === undefined ? 0 : 1;
  return total;
}

async function naive(path: string): Promise<number> {
  let total = 0;
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) {
    JSON.parse(line);
    total++;
  }
  return total;
}

/** Peak resident memory of a process that only reads, less what it had before reading. */
function addedMemory(path: string): number {
  const program = `
    const { readRows } = await import(${JSON.stringify(new URL('../src/data/index.ts', import.meta.url).href)});
    const peak = () => process.resourceUsage().maxRSS * 1024;
    const before = peak();
    for await (const row of readRows(process.argv[1])) if (row.line < 0) throw row;
    console.log(Math.round((peak() - before) / 1e6));`;
  return Number(execFileSync(process.execPath, ['--input-type=module', '-e', program, path], { encoding: 'utf8' }));
}

const folder = await mkdtemp(join(tmpdir(), 'fettle-bench-'));
try {
  const jsonl = join(folder, 'rows.jsonl');
  const csv = join(folder, 'rows.csv');
  const jsonlBytes = await write(jsonl, '', jsonRow, megabytes * 1e6);
  const csvBytes = await write(csv, 'id,question,answer,label\n', csvRow, (megabytes / 8) * 1e6);

  const json = await rates(jsonlBytes, {
    rows: () => count(readRows(jsonl)),
    batches: () => count(readRowBatches(jsonl)),
    naive: () => naive(jsonl),
  });
  const table = await rates(csvBytes, { rows: () => count(readRows(csv)) });
  const figures = {
    megabytes,
    jsonl: {
      'readRows, MB per CPU second': Math.round(json.rows),
      'readRowBatches, MB per CPU second': Math.round(json.batches),
      'readline and JSON.parse, MB per CPU second': Math.round(json.naive),
      'readRows over readline': Number((json.rows / json.naive).toFixed(2)),
      'memory that readRows adds in a process of its own, MB': addedMemory(jsonl),
    },
    csv: { 'readRows, MB per CPU second': Math.round(table.rows) },
  };
  console.log(JSON.stringify(figures, null, 2));
} finally {
  await rm(folder, { recursive: true, force: true });
}
