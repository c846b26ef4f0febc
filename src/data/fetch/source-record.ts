import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** Name of the file that says where a pulled data set comes from. */
export const sourceRecordName = 'fettle-source.json';

const recordSchema = z.object({
  title: z.string(),
  license: z.string(),
  /** ISO 8601. */
  pulledAt: z.string(),
  files: z.array(
    z.object({
      path: z.string(),
      /** As the source states it, without a mirror. */
      url: z.string(),
      /** Where it was really fetched, if elsewhere. */
      fetchedFrom: z.string().optional(),
      sha256: z.string(),
      bytes: z.number(),
      /** False where the source pins no hash, so that this one is only what was found. */
      pinned: z.boolean(),
      extracted: z.object({ files: z.number(), bytes: z.number(), notes: z.array(z.string()) }).optional(),
    }),
  ),
});
export type SourceRecord = z.output<typeof recordSchema>;

/** The record of a pulled data set; undefined where the folder has none. */
export async function readSourceRecord(folder: string): Promise<SourceRecord | undefined> {
  try {
    return recordSchema.parse(JSON.parse(await readFile(join(folder, sourceRecordName), 'utf8')));
  } catch {
    return undefined;
  }
}
