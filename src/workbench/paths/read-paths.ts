import { type JsonObject, type JsonValue, usageError } from '../../core/index.ts';
import { openRows } from '../../data/index.ts';

/** Several replies to one question. */
export interface PathRow {
  readonly id: string | undefined;
  /** Where the file repeats its question. */
  readonly question: string | undefined;
  readonly replies: readonly string[];
  /** One reward a reply, where the file has them; greater is better. */
  readonly scores: readonly number[] | undefined;
  /** The answers as the file reads them (`answers`, `pred`), where it has them. */
  readonly answers: readonly (string | null)[] | undefined;
  /** The file's own verdicts, where it has them. */
  readonly right: readonly boolean[] | undefined;
  readonly line: number;
}

/** Names of the list of replies, in the order in which they are looked for; `code` is what Qwen2.5-Math and ToRA write. */
const replyFields = ['replies', 'responses', 'outputs', 'completions', 'generations', 'code'] as const;

/**
 * Reads files of several replies a question: rows `{ id, replies: [...], scores: [...] }`, `scores` being optional, and
 * the outputs of Qwen2.5-Math as they are (`code`, `pred`, `pred_score`, `score`).
 * @throws usage error with file and line
 */
export async function readPaths(path: string): Promise<PathRow[]> {
  const rows: PathRow[] = [];
  const lines = new Map<string, number>();
  for await (const { value, line } of openRows(path)) {
    const where = `${path}:${line}`;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw usageError('A row of paths has to be an object with a list `replies`.', { where });
    }
    const row = readRow(value as JsonObject, line, where);
    if (row.id !== undefined) {
      const other = lines.get(row.id);
      if (other !== undefined) {
        throw usageError(`The id "${row.id}" has a second row.`, { where, hint: `Its first is in line ${other}.` });
      }
      lines.set(row.id, line);
    }
    rows.push(row);
  }
  if (rows.length === 0) throw usageError('The file holds no replies.', { where: path });
  return rows;
}

function readRow(fields: JsonObject, line: number, where: string): PathRow {
  const field = replyFields.find((name) => Array.isArray(fields[name]));
  if (field === undefined) {
    throw usageError(`The row has no list of replies; its fields are: ${Object.keys(fields).join(', ') || 'none'}.`, {
      where,
      hint: 'Name the list `replies`. Files with one reply a row are scored without --paths.',
    });
  }
  const replies = listOf(fields[field]).map((reply, i) => {
    if (typeof reply === 'string') return reply;
    if (reply === null) return '';
    throw usageError(`Reply ${i + 1} is no text.`, { where });
  });
  if (replies.length === 0) throw usageError('The list of replies is empty.', { where });
  const rewards = fields['scores'] ?? fields['pred_score'];
  const scores =
    rewards === undefined || rewards === null ? undefined : listOf(rewards).map((score, i) => reward(score, i, where));
  if (scores !== undefined && scores.length !== replies.length) {
    throw usageError(`There are ${scores.length} scores for ${replies.length} replies.`, { where });
  }
  const flags = Array.isArray(fields['score']) ? listOf(fields['score']) : undefined;
  const own = flags?.length === replies.length && flags.every((flag) => typeof flag === 'boolean');
  const read = fields['answers'] ?? fields['pred'];
  const answers = Array.isArray(read) && read.length === replies.length ? listOf(read).map(asText) : undefined;
  const id = fields['id'];
  const question = fields['question'];
  return {
    id: id === undefined || id === null ? undefined : String(id),
    question: typeof question === 'string' ? question : undefined,
    replies,
    scores,
    answers,
    right: own ? flags.map((flag) => flag === true) : undefined,
    line,
  };
}

/** Null and blank answers are none. */
const asText = (value: JsonValue): string | null => (value === null || value === '' ? null : String(value));

const listOf = (value: JsonValue | undefined): readonly JsonValue[] => (Array.isArray(value) ? value : []);

/** A number, or the list of one that reward models of outcomes write. */
function reward(value: JsonValue, place: number, where: string): number {
  const one: JsonValue | undefined = Array.isArray(value) && value.length === 1 ? value[0] : value;
  if (typeof one === 'number' && Number.isFinite(one)) return one;
  throw usageError(`Score ${place + 1} is no number.`, {
    where,
    hint: 'Give one number a reply: of scores of steps their least, last or mean.',
  });
}
