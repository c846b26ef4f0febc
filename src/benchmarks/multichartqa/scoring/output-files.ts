import { stat } from 'node:fs/promises';
import { type BenchmarkReplies, FettleError, type JsonValue, usageError } from '../../../core/index.ts';
import { openData, readJson } from '../../../data/index.ts';

const outputFile = /^(?:(.*)\/)?([^/]+)\/output_of_question_([1-4])\.json$/;

/**
 * Replies as the released runners leave them: `<group>/output_of_question_<1..4>.json` below any folder, each the raw
 * answer of a chat completion or a text. Files that hold neither are damaged: their questions have no reply, as for the
 * released scorer. Undefined where the path is a file of rows and not a folder or an archive of such files.
 * @throws usage error where the files of several models lie side by side, or none can be read.
 */
export async function readOutputFiles(path: string): Promise<BenchmarkReplies | undefined> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder && !/\.(?:zip|tar|tar\.gz|tgz)$/i.test(path)) return undefined;
  const tree = await openData(path);
  try {
    const entries = await tree.list((name) => outputFile.test(name));
    if (entries.length === 0) {
      throw usageError('There are no replies here.', {
        where: path,
        hint: 'Replies are rows of { id, reply } in one file, or files <group>/output_of_question_<1..4>.json.',
      });
    }
    const folders = new Set(entries.map((entry) => outputFile.exec(entry.path)?.[1] ?? ''));
    if (folders.size > 1) {
      throw usageError(`Replies of ${folders.size} runs lie here.`, {
        where: path,
        hint: `Name one of them: ${[...folders].slice(0, 5).join(', ')}${folders.size > 5 ? ', …' : ''}.`,
      });
    }
    const byId = new Map<string, string>();
    const damaged: string[] = [];
    for (const entry of entries) {
      const [, , group = '', question = ''] = outputFile.exec(entry.path) ?? [];
      const reply = replyIn(await readJson(entry).catch(asDamaged));
      if (reply === undefined) damaged.push(`${group}/output_of_question_${question}.json`);
      else byId.set(`${group}_question_${Number(question) - 1}`, reply);
    }
    if (byId.size === 0) throw usageError('None of the files holds a reply.', { where: path });
    const some = `${damaged.slice(0, 5).join(', ')}${damaged.length > 5 ? ', …' : ''}`;
    return { byId, notes: damaged.length === 0 ? [] : [`${damaged.length} files hold no reply: ${some}`] };
  } finally {
    await tree.close();
  }
}

/** A file that is no JSON is a damaged reply; a disk that cannot be read is not. */
function asDamaged(error: unknown): undefined {
  if (FettleError.isInstance(error)) return undefined;
  throw error;
}

/** The text of a chat completion (`choices[0].message.content`), or the document where it is a text. */
function replyIn(document: JsonValue | undefined): string | undefined {
  if (typeof document === 'string') return document;
  const content = fieldOf(fieldOf(fieldOf(fieldOf(document, 'choices'), 0), 'message'), 'content');
  return typeof content === 'string' ? content : undefined;
}

function fieldOf(value: JsonValue | undefined, key: string | number): JsonValue | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value)) return typeof key === 'number' ? (value as readonly JsonValue[])[key] : undefined;
  return Object.hasOwn(value, key) ? (value as Readonly<Record<string, JsonValue>>)[key] : undefined;
}
