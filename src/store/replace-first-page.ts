import { closeSync, existsSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';

/**
 * Gives a database file, whose first page is lost, that of an empty one with the same schema. The first page holds the
 * file's head and says where each table begins, which is the same in all stores that were made alike.
 * Format: sqlite.org/fileformat.html, "The Database Header". `file` must not be open, `template` not be written.
 */
export function replaceFirstPage(file: string, template: string): void {
  const from = openSync(template, 'r');
  const to = openSync(file, 'r+');
  try {
    const head = Buffer.alloc(18);
    readSync(from, head, 0, head.length, 0);
    const pageBytes = head.readUInt16BE(16) === 1 ? 65_536 : head.readUInt16BE(16);
    const page = Buffer.alloc(pageBytes);
    readSync(from, page, 0, pageBytes, 0);
    // Versions for writing and reading: 2 where a write-ahead log belongs to the file.
    page.fill(existsSync(`${file}-wal`) ? 2 : 1, 18, 20);
    page.writeUInt32BE(Math.floor(fstatSync(to).size / pageBytes), 28);
    // No list of free pages.
    page.fill(0, 32, 40);
    // The size above counts only where these two agree.
    page.copy(page, 92, 24, 28);
    writeSync(to, page, 0, pageBytes, 0);
  } finally {
    closeSync(from);
    closeSync(to);
  }
}
