import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../support/cli.ts';
import { startServe } from './support.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const page = readFileSync(`${root}/docs/serve.md`, 'utf8');
const example = /```js\n([\s\S]*?)```/.exec(page)?.[1] ?? '';

async function execute(code: string, env: Record<string, string> = {}): Promise<string> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    cwd: root,
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [output, [code_]] = await Promise.all([text(child.stdout), once(child, 'close')]);
  expect(code_).toBe(0);
  return output;
}

test('the example of docs/serve.md is short, and gets the method’s answer', async () => {
  expect(example.trim().split('\n').length).toBeLessThanOrEqual(8);
  const method = ['--method', 'self-consistency:n=3'];
  const { address } = await startServe(['--model', 'test:hash', ...method, '--home', temporaryFolder()]);
  const written = 'http://127.0.0.1:8400/v1';
  expect(example).toContain(written);
  const told = /^\d \{.*"fettle":\{"calls":3,/;
  expect(await execute(example.replace(written, address))).toMatch(told);
  // The same app without any address of its own.
  const unchanged = example.replace(`baseURL: '${written}', `, '');
  expect(await execute(unchanged, { OPENAI_BASE_URL: address })).toMatch(told);
});

test('every code of its table of errors is one that the server sends', () => {
  const server = `${root}/src/server`;
  const source = readdirSync(server)
    .filter((name) => !name.includes('.test.'))
    .map((name) => readFileSync(`${server}/${name}`, 'utf8'))
    .join('\n');
  const codes = [...page.matchAll(/^\| \d{3}.*$/gm)].flatMap(([row]) => [...row.split('|')[2]!.matchAll(/`(\w+)`/g)]);
  expect(codes.length).toBeGreaterThan(20);
  // Codes of the models' room are sent under other names.
  const own = codes.map(([, code]) => code ?? '').filter((code) => !/^upstream_(?!refused|quota)|^journal_/.test(code));
  for (const code of own) expect(source, code).toContain(`'${code}'`);
});
