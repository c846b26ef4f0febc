import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Store } from '../core/index.ts';
import type { CliContext } from './context.ts';
import { findRun } from './context.ts';

/** Writes the HTML report whole or not at all. */
export async function writeReport(
  store: Store,
  runIds: readonly string[],
  file: string,
  context: CliContext,
): Promise<void> {
  const { htmlReport } = await import('../report/index.ts');
  const { summaryOf } = await import('../workbench/index.ts');
  const runs = [];
  for (const id of runIds) {
    const run = await findRun(store, id);
    runs.push({ run, summary: await summaryOf(store, run), results: () => store.results(run.id) });
  }
  const html = await htmlReport(runs);
  const path = resolve(file);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.part`, html);
  await rename(`${path}.part`, path);
  context.note(`Wrote ${file}`);
}
