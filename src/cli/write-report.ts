import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Store } from '../core/index.ts';
import type { CliContext } from './context.ts';
import { findRun } from './context.ts';
import { reportPicture } from './report-picture.ts';

/** Writes the HTML report whole or not at all. */
export async function writeReport(
  store: Store,
  runIds: readonly string[],
  file: string,
  context: CliContext,
): Promise<void> {
  const { htmlReport, writeAtomically } = await import('../report/index.ts');
  const { summaryOf } = await import('../workbench/index.ts');
  const runs = [];
  for (const id of runIds) {
    const run = await findRun(store, id);
    runs.push({ run, summary: await summaryOf(store, run), results: () => store.results(run.id) });
  }
  const html = await htmlReport(runs, { picture: (sha256) => reportPicture(store, sha256) });
  const path = resolve(file);
  await mkdir(dirname(path), { recursive: true });
  await writeAtomically(path, { force: true }, (handle) => handle.writeFile(html));
  context.note(`Wrote ${file}`);
}
