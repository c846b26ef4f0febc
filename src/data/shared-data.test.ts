import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { DataFault } from '../core/index.ts';
import { entryImage } from './images/images.ts';
import { parsePythonLiteral } from './python-literal.ts';
import { readRows } from './rows/read-rows.ts';
import { openData, openSource } from './tree/open-data.ts';

const shared = fileURLToPath(new URL('../../../shared/data', import.meta.url));

/** What real files have taught: forms that no fixture of ours would think of. Skipped where the test data is absent. */
describe.skipIf(!existsSync(shared))('files as their authors published them', () => {
  it('every table with a header is read without a fault', async () => {
    await using tree = await openData(shared);
    const tables = await tree.list((path) => /\.(?:jsonl|csv|tsv)(?:\.gz)?$/.test(path) && !path.includes('-bert.tsv'));
    expect(tables.length).toBeGreaterThan(50);
    const faults: DataFault[] = [];
    let rows = 0;
    for (const table of tables) {
      for await (const row of readRows(table, { onFault: (fault) => faults.push(fault) })) rows += row.line > 0 ? 1 : 0;
    }
    expect(faults).toEqual([]);
    expect(rows).toBeGreaterThan(100_000);
  });

  it('a table without a header is named as one', async () => {
    await using tree = await openData(shared);
    const table = await tree.need('mentalglm/efficacyeval/cognitive-distortion/cognitive-distortion-val-bert.tsv');
    await expect(Array.fromAsync(readRows(table))).rejects.toMatchObject({
      hint: expect.stringMatching(/without a header/) as string,
    });
  });

  it('the task archive of Shopping MMLU is read in place, its .json files as JSON Lines and its choices as Python', async () => {
    await using tree = await openData(`${shared}/shopping-mmlu/taskwise-format-sample.tar`);
    const entries = await tree.list();
    expect(entries.length).toBeGreaterThan(5);
    for (const entry of entries) {
      if (!/\.(?:json|csv)$/.test(entry.path)) continue;
      const rows = await Array.fromAsync(readRows(entry));
      expect(rows.length, entry.path).toBeGreaterThan(0);
      const choices = rows[0]?.value['choices'];
      if (typeof choices === 'string') expect(parsePythonLiteral(choices)).toBeInstanceOf(Array);
    }
  });

  it('charts within a tar within a folder are images of the stated kind', async () => {
    await using tree = await openData(`${shared}/multichartqa`);
    await using charts = await openSource(await tree.need('images-110-groups.tar'));
    const entries = await charts.list();
    const blobs = await Promise.all(entries.slice(0, 20).map((entry) => entryImage(entry).load()));
    for (const { mediaType } of blobs) expect(mediaType).toMatch(/^image\/(?:png|jpeg|webp)$/);
  });
});
