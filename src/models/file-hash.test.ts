import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { fileHash } from './file-hash.ts';

const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fettle-hash-'));
  file = join(folder, 'weights');
  writeFileSync(file, 'abc');
});
afterEach(() => rmSync(folder, { recursive: true }));

it('gives the sha256 and keeps it beside the file', async () => {
  expect(await fileHash(file)).toBe(abc);
  expect(readFileSync(`${file}.sha256.json`, 'utf8')).toContain(abc);
});

it('trusts what it kept only while size and time are the same', async () => {
  await fileHash(file);
  const note = `${file}.sha256.json`;
  writeFileSync(note, readFileSync(note, 'utf8').replace(abc, 'f'.repeat(64)));
  expect(await fileHash(file)).toBe('f'.repeat(64));
  utimesSync(file, new Date(0), new Date(0));
  expect(await fileHash(file)).toBe(abc);
});

it('computes anew when the note is broken', async () => {
  writeFileSync(`${file}.sha256.json`, '{"bytes":');
  expect(await fileHash(file)).toBe(abc);
});

it('leaves no temporary file', async () => {
  await fileHash(file);
  expect(existsSync(`${file}.sha256.json.${process.pid}`)).toBe(false);
});
