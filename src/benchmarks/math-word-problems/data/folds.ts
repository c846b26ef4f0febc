import { FettleError, type JsonObject } from '../../../core/index.ts';
import { type DataEntry, readJson, readText } from '../../../data/index.ts';

/**
 * Ids of one of ASDiv's lists: `asdiv-a` (1,218 of arithmetic) or `asdiv-w` (all). Read from `nfolds.json`, lists of
 * folds by name, or from the released text files `asdiv-a/fold0.txt`, an id a line.
 * @throws FettleError `data-missing` where the list is not there
 */
export async function readFolds(entries: readonly DataEntry[], list: string, location: string): Promise<Set<string>> {
  const ids = new Set<string>();
  for (const entry of entries) {
    if (/\.txt$/i.test(entry.path)) {
      if (!entry.path.toLowerCase().includes(`${list}/`)) continue;
      for (const line of (await readText(entry)).split('\n')) if (line.trim() !== '') ids.add(line.trim());
      continue;
    }
    const document = await readJson(entry);
    if (typeof document !== 'object' || document === null || Array.isArray(document)) continue;
    const folds = (document as JsonObject)[list];
    for (const id of Array.isArray(folds) ? folds.flat() : []) if (typeof id === 'string') ids.add(id);
  }
  if (ids.size > 0) return ids;
  throw new FettleError(`The list ${list} of ASDiv is not here.`, {
    code: 'data-missing',
    where: location,
    hint: 'Give the folder that holds asdiv.xml and nfolds.json (or the folder nfolds) as --data.',
    exitCode: 2,
  });
}
