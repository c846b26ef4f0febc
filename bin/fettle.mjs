#!/usr/bin/env node
// Plain JavaScript that any Node from 18 on can read: it finds a Node that is new enough and starts Fettle on it.
import { readFileSync, existsSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import module from 'node:module';
import v8 from 'node:v8';

const root = new URL('../', import.meta.url);
const args = process.argv.slice(2);
const [major, minor] = process.versions.node.split('.').map(Number);
const newEnough = major > 24 || (major === 24 && minor >= 15);

if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) {
  console.log(JSON.parse(readFileSync(new URL('package.json', root), 'utf8')).version);
} else if (newEnough) {
  // V8 would rather grow its heap than collect: bench/overhead.ts shows what these save and cost.
  v8.setFlagsFromString('--semi-space-growth-factor=1');
  v8.setFlagsFromString('--heap-growing-percent=35');
  // Compiled code is kept between starts; without it, start-up is twice as long.
  module.enableCompileCache?.();
  const source = new URL('src/cli/main.ts', root);
  const entry = existsSync(source) ? source : new URL('dist/cli/main.js', root);
  const { main } = await import(entry.href);
  await main(args);
} else {
  const node = fileURLToPath(new URL('node_modules/node/bin/node', root));
  if (!existsSync(node)) {
    console.error(`fettle needs Node 24.15 or newer; this is ${process.version}.`);
    console.error('Install the pinned one with `npm install`, or put a newer Node first in PATH.');
    process.exit(2);
  }
  const child = spawn(node, [fileURLToPath(import.meta.url), ...args], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    if (signal !== null) process.kill(process.pid, signal);
    else process.exit(code ?? 1);
  });
}
