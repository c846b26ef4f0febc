import { type JsonObject, type JsonValue, usageError } from '../../../core/index.ts';
import { openRows } from '../../../data/index.ts';
import type { Comparison } from './strict/gold-part.ts';

/** How the number of one gold part is compared: to the digit, or with the 5 % that a value read off a chart has. */
export type PartRule = Comparison;

const rules: readonly PartRule[] = ['exact', 'read-off'];

/**
 * Reads a label file (`--option labels=FILE`), which says for single samples how `strict` compares their parts: rows of
 * JSONL, JSON, CSV or Parquet with the sample's `id` and `rules`, a list or a text with semicolons of `exact` and
 * `read-off`, one a gold part. Samples and parts that it does not name keep the usual rule.
 * @throws usage error with file and line for what cannot be read.
 */
export async function readPartRules(path: string): Promise<ReadonlyMap<string, readonly PartRule[]>> {
  const byId = new Map<string, readonly PartRule[]>();
  for await (const { value, line } of openRows(path)) {
    const where = `${path}:${line}`;
    const { id, rules: given } = fieldsOf(value, where);
    if (typeof id !== 'string' || id === '') {
      throw usageError('A row of labels has to name a sample in `id`.', { where });
    }
    if (byId.has(id)) throw usageError(`The sample "${id}" has a second row of labels.`, { where });
    const names = typeof given === 'string' ? given.split(';').map((name) => name.trim()) : given;
    if (!Array.isArray(names)) {
      throw usageError('A row of labels has to list its `rules`.', { where, hint: `Rules: ${rules.join(', ')}.` });
    }
    byId.set(
      id,
      names.map((name: JsonValue) => {
        const rule = rules.find((known) => known === name);
        if (rule !== undefined) return rule;
        throw usageError(`${JSON.stringify(name)} is no rule.`, { where, hint: `Rules: ${rules.join(', ')}.` });
      }),
    );
  }
  return byId;
}

function fieldsOf(value: JsonValue, where: string): Readonly<Record<string, JsonValue | undefined>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw usageError('A row of labels has to be an object with `id` and `rules`.', { where });
}
