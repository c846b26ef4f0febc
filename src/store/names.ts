import type { DatabaseSync } from 'node:sqlite';
import { decodeText, encodeText } from './hostile-text.ts';

/** Numbers that stand for texts which repeat in every row: names of tasks and models. */
export interface Names {
  /** The number of a name, given out where it is new. Within a transaction only. */
  number(name: string): number;
  /** The number of a name, undefined where no row has it. */
  find(name: string): number | undefined;
  name(number: number): string;
  /** After a rollback: numbers that were given out within it are void. */
  forget(): void;
}

export function openNames(database: DatabaseSync): Names {
  const byName = new Map<string, number>();
  const byNumber = new Map<number, string>();
  const select = database.prepare('SELECT number FROM names WHERE name = ?');
  const selectName = database.prepare('SELECT name FROM names WHERE number = ?');
  const insert = database.prepare('INSERT INTO names (name) VALUES (?)');
  // Names are few; a store with a hundred thousand of them must not fill the memory.
  const remember = (name: string, number: number): number => {
    if (byName.size > 10_000) forget();
    byName.set(name, number);
    byNumber.set(number, name);
    return number;
  };
  const find = (name: string): number | undefined => {
    const known = byName.get(name);
    if (known !== undefined) return known;
    const row = select.get(encodeText(name));
    return row === undefined ? undefined : remember(name, Number(row['number']));
  };
  const forget = (): void => {
    byName.clear();
    byNumber.clear();
  };
  return {
    find,
    number: (name) => find(name) ?? remember(name, Number(insert.run(encodeText(name)).lastInsertRowid)),
    name(number) {
      const known = byNumber.get(number);
      if (known !== undefined) return known;
      const row = selectName.get(number);
      const name = row === undefined ? '?' : decodeText(String(row['name']));
      if (row !== undefined) remember(name, number);
      return name;
    },
    forget,
  };
}
