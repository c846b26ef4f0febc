/**
 * A child process of the tests: `node writer.ts FOLDER RUN FIRST COUNT [lock]`.
 * Writes a call and a result a sample and prints a line for each that was acknowledged; stays until it is killed or,
 * with `once` as the last word, ends by itself.
 */
import { writeSync } from 'node:fs';
import { openStore } from '../index.ts';
import { callRecord, runRecord, sampleResult } from './records.ts';

const [folder = '', run = '', first = '0', count = '0', ...words] = process.argv.slice(2);
const store = await openStore(folder);
try {
  if (words.includes('lock')) {
    await store.lockRun(run);
    writeSync(1, 'locked\n');
  }
  if ((await store.getRun(run)) === undefined) await store.createRun(runRecord(run));
} catch (error) {
  writeSync(1, `${(error as { code?: string }).code ?? 'error'}: ${(error as Error).message}\n`);
  process.exit(1);
}
let next = Number(first);
const end = next + Number(count);
const worker = async (): Promise<void> => {
  while (next < end) {
    const number = next++;
    await store.appendCall(run, callRecord(number));
    // Straight to the pipe: what is printed must be out before the next line of this program runs.
    writeSync(1, `call ${number}\n`);
    await store.saveResult(run, sampleResult(number));
    writeSync(1, `result ${number}\n`);
  }
};
await Promise.all(Array.from({ length: 10 }, worker));
if (words.includes('once')) await store.close();
else setInterval(() => {}, 1000);
