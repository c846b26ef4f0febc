import type { DatabaseSync } from 'node:sqlite';

const chunkRows = 500;

/**
 * Removes a run's rows in small transactions, so that neither this process's event loop nor other writers wait long.
 * The run itself goes last: what was interrupted can be done again. `write` puts a function into the write queue.
 */
export async function deleteRunRows(
  database: DatabaseSync,
  run: number,
  write: (apply: () => void) => Promise<void>,
): Promise<void> {
  // Results first: they may refer to calls for their input.
  for (const table of ['results', 'calls']) {
    const statement = database.prepare(
      `DELETE FROM ${table} WHERE id IN (SELECT id FROM ${table} WHERE run = ? LIMIT ${chunkRows})`,
    );
    const deleteChunk = async (): Promise<number> => {
      let deleted = 0;
      await write(() => {
        deleted = Number(statement.run(run).changes);
      });
      return deleted;
    };
    while ((await deleteChunk()) > 0);
  }
  await write(() => void database.prepare('DELETE FROM runs WHERE number = ?').run(run));
}
