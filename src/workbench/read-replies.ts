import { type Benchmark, type JsonValue, usageError } from '../core/index.ts';
import { openRows } from '../data/index.ts';

/** Names that a reply has been seen under, in the order in which they are looked for. */
const replyFields = ['reply', 'model_output', 'output', 'response', 'prediction', 'text'] as const;

export interface Replies {
  /** By sample id, or in the order of the data where no row has an id. */
  readonly byId: ReadonlyMap<string, string> | undefined;
  readonly inOrder: readonly string[];
  /** What a reader should know of them. */
  readonly notes?: readonly string[];
}

/**
 * Reads replies: in the benchmark's own form where it has one and the path is of it, else rows with a reply (`reply`, or the name that the released code writes) and, in all rows or none, an id.
 * @throws usage error with file and line for a row without reply, a repeated id, or ids in some rows only.
 */
export async function readReplies(path: string, benchmark: Pick<Benchmark, 'readReplies'> = {}): Promise<Replies> {
  const own = await benchmark.readReplies?.(path);
  if (own !== undefined) return { byId: own.byId, inOrder: [...own.byId.values()], notes: own.notes };
  const byId = new Map<string, string>();
  const lineOf = new Map<string, number>();
  const inOrder: string[] = [];
  let withoutId = 0;
  for await (const { value, line } of openRows(path)) {
    const where = `${path}:${line}`;
    const row = typeof value === 'string' ? { reply: value } : value;
    if (typeof row !== 'object' || row === null || Array.isArray(row)) {
      throw usageError('A row of replies has to be an object with a field `reply`, or a text.', { where });
    }
    const fields = row as { readonly [name: string]: JsonValue | undefined };
    const field = replyFields.find((name) => fields[name] !== undefined);
    if (field === undefined) {
      throw usageError(`The row has no reply; its fields are: ${Object.keys(fields).join(', ') || 'none'}.`, {
        where,
        hint: 'Name the field `reply`.',
      });
    }
    const reply = fields[field];
    // An empty cell of a table is an empty reply; a number is what pandas would have made of a digit.
    const text = reply === null ? '' : typeof reply === 'string' ? reply : JSON.stringify(reply);
    const id = fields['id'];
    if (id === undefined || id === null) withoutId += 1;
    else {
      const name = String(id);
      if (lineOf.has(name)) {
        throw usageError(`The id "${name}" has a second reply.`, {
          where,
          hint: `Its first is in line ${lineOf.get(name)}.`,
        });
      }
      lineOf.set(name, line);
      byId.set(name, text);
    }
    inOrder.push(text);
  }
  if (inOrder.length === 0) throw usageError('The file holds no replies.', { where: path });
  if (byId.size > 0 && withoutId > 0) {
    throw usageError(`${withoutId} of ${inOrder.length} rows have no id.`, {
      where: path,
      hint: 'Give every row an id, or none: without ids replies are joined in the order of the data.',
    });
  }
  return { byId: byId.size > 0 ? byId : undefined, inOrder };
}
