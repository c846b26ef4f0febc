/**
 * How fast rows are read, as ratios to what one would write by hand in the same process.
 * Prints one JSON document. Usage: node bench/readers.ts [megabytes]
 */
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

/** Megabytes a second, the best of a few rounds: what disturbs a machine only ever makes it slower. */
async function rate(bytes: number, read: () => Promise<number>): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    await read();
    best = Math.min(best, performance.now() - start);
  }
  return bytes / 1e6 / (best / 1000);
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

const folder = await mkdtemp(join(tmpdir(), 'fettle-bench-'));
try {
  const jsonl = join(folder, 'rows.jsonl');
  const csv = join(folder, 'rows.csv');
  const jsonlBytes = await write(jsonl, '', jsonRow, megabytes * 1e6);
  const csvBytes = await write(csv, 'id,question,answer,label\n', csvRow, (megabytes / 8) * 1e6);

  const naiveRate = await rate(jsonlBytes, () => naive(jsonl));
  const rowRate = await rate(jsonlBytes, () => count(readRows(jsonl)));
  const batchRate = await rate(jsonlBytes, () => count(readRowBatches(jsonl)));
  const csvRate = await rate(csvBytes, () => count(readRows(csv)));
  console.log(
    JSON.stringify(
      {
        megabytes,
        jsonl: {
          'readRows MB/s': Math.round(rowRate),
          'readRowBatches MB/s': Math.round(batchRate),
          'readline + JSON.parse MB/s': Math.round(naiveRate),
          'readRows over readline': Number((rowRate / naiveRate).toFixed(2)),
        },
        csv: { 'readRows MB/s': Math.round(csvRate) },
        'peak memory MB': Math.round(process.resourceUsage().maxRSS / 1024),
      },
      null,
      2,
    ),
  );
} finally {
  await rm(folder, { recursive: true, force: true });
}
