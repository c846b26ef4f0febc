import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, inflateRawSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { type CliEnd, fettle, temporaryFolder } from '../support/cli.ts';
import { startEndpoint } from '../support/endpoint.ts';

const marker = 'sk-marker-7f3a9c1e55d04b7788aa';

function rows(folder: string, list: readonly object[]): string {
  const file = join(folder, 'mine.jsonl');
  writeFileSync(file, list.map((row) => `${JSON.stringify(row)}\n`).join(''));
  return file;
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
}

/** The bytes of a file, and of what is deflated in it where it is a zip. */
function contentOf(path: string): string {
  const bytes = readFileSync(path);
  const parts = [bytes.toString('latin1')];
  if (bytes.subarray(0, 2).toString('latin1') === '\u001f\u008b') parts.push(gunzipSync(bytes).toString('latin1'));
  for (let at = bytes.indexOf('PK\u0003\u0004'); at !== -1; at = bytes.indexOf('PK\u0003\u0004', at + 4)) {
    const start = at + 30 + bytes.readUInt16LE(at + 26) + bytes.readUInt16LE(at + 28);
    if (bytes.readUInt16LE(at + 8) !== 8) continue;
    try {
      parts.push(inflateRawSync(bytes.subarray(start)).toString('latin1'));
    } catch {
      // The signature stood within a member.
    }
  }
  return parts.join('\n');
}

test('a key appears nowhere, whatever the endpoint does with it', async () => {
  const folder = temporaryFolder();
  const home = join(folder, 'home');
  const asked: string[] = [];
  const endpoint = await startEndpoint({
    handle: ({ prompt }, response, authorization) => {
      asked.push(authorization);
      const json = { 'content-type': 'application/json' };
      if (prompt.includes('[401]')) {
        const message = `Incorrect API key provided: ${marker} (${authorization})`;
        response.writeHead(401, json).end(JSON.stringify({ error: { message } }));
      } else if (prompt.includes('[400]')) response.writeHead(400, json).end(`Bad header ${authorization}`);
      else if (prompt.includes('[redirect]'))
        response.writeHead(302, { location: `http://127.0.0.1:9/?key=${marker}` }).end();
      else if (prompt.includes('[garbage]')) response.writeHead(200, json).end(`<html>${authorization}`);
      else return false;
      return true;
    },
    // A model that repeats what a proxy put into its prompt.
    reply: () => `My key is ${marker}, I believe.`,
  });
  const outcomes = ['[401]', '[400]', '[redirect]', '[garbage]', 'fine'];
  const list = outcomes.map((what, i) => ({ id: `s${i}`, input: `${what} question`, target: 'x' }));
  const env = { FETTLE_API_KEY: marker };
  const ends: CliEnd[] = [];
  const run = async (...args: string[]): Promise<void> =>
    void ends.push(await fettle([...args, '--home', home], { env }));
  const data = rows(folder, list);
  await run('run', data, '--model', endpoint.model, '--keep-going', '--out', join(folder, 'report.html'));
  await run('run', data, '--model', endpoint.model, '--keep-going', '--json');
  await run('runs');
  for (const { id } of list) await run('show', 'last', id);
  await run('show', 'last', '--json');
  await run('report', 'last', '--out', join(folder, 'second.html'));
  for (const format of ['inspect', 'jsonl', 'csv', 'parquet']) {
    await run('export', 'last', '--format', format, '--out', join(folder, `out.${format}`));
  }
  expect(asked.length, 'the endpoint was asked, with the key').toBeGreaterThanOrEqual(5);
  expect(asked.every((header) => header === `Bearer ${marker}`)).toBe(true);
  expect(ends[0]?.stdout).toMatch(/40[01]/);
  for (const [i, { stdout, stderr }] of ends.entries()) {
    expect(stdout, `stdout of command ${i}`).not.toContain(marker);
    expect(stderr, `stderr of command ${i}`).not.toContain(marker);
  }
  const written = filesBelow(folder);
  expect(written.length).toBeGreaterThan(7);
  for (const path of written) expect(contentOf(path).includes(marker), path).toBe(false);
});

// What moves the cursor, sets the title or writes the clipboard. Tab and line feed are text.
// eslint-disable-next-line no-control-regex
const controls = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202E\u2066]/;
const attack = '\u001B]0;owned\u0007\u001B[2J\u001B]52;c;ZWNobyBoaQ==\u0007\u009B31m\u202Etxt\r';

test('escapes in replies, ids, targets and errors do not reach the terminal', async () => {
  const folder = temporaryFolder();
  const home = join(folder, 'home');
  const endpoint = await startEndpoint({
    handle: ({ prompt }, response) => {
      if (!prompt.includes('[error]')) return false;
      response
        .writeHead(400, { 'content-type': 'application/json' })
        .end(JSON.stringify({ error: { message: `No: ${attack}` } }));
      return true;
    },
    reply: () => `A reply ${attack}`,
  });
  const data = rows(folder, [
    { id: `one${attack}`, input: `Question ${attack}`, target: `Target ${attack}`, group: attack },
    { id: 'two', input: `[error] ${attack}`, target: 'x' },
  ]);
  const ends: CliEnd[] = [];
  const run = async (...args: string[]): Promise<void> => void ends.push(await fettle([...args, '--home', home]));
  const args = ['run', data, '--model', endpoint.model, '--scorer', 'includes', '--group-field', 'group'];
  await run('run', rows(folder, [{ id: 'only', input: `[error] ${attack}`, target: 'x' }]), ...args.slice(2));
  rows(folder, [
    { id: `one${attack}`, input: `Question ${attack}`, target: `Target ${attack}`, group: attack },
    { id: 'two', input: `[error] ${attack}`, target: 'x', group: 'g' },
  ]);
  await run(...args);
  await run('runs');
  await run('show', 'last');
  await run('show', 'last', `one${attack}`);
  await run('show', 'last', 'two');
  await run('show', 'last', `none${attack}`);
  await run('compare', 'last', 'last');
  await run('run', `./${attack}.jsonl`, '--model', 'test:echo');
  await run('run', data, '--model', `test:${attack}`);
  await run('run', data, '--model', 'test:echo', `--opt${attack}`);
  await run('score', data, '--replies', data);
  for (const [i, { stdout, stderr }] of ends.entries()) {
    expect(stdout, `stdout of command ${i}`).not.toMatch(controls);
    expect(stderr, `stderr of command ${i}`).not.toMatch(controls);
  }
  const [, , , , one] = ends;
  expect(one?.stdout).toContain('A reply');
});
