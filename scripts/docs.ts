// Writes docs/commands.md from the commands themselves; with --check, fails when the file is not what would be written.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { createProgram } from '../src/cli/program.ts';

const file = fileURLToPath(new URL('../docs/commands.md', import.meta.url));
const common = ['--json', '--home', '--config', '--quiet', '--no-color'];

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '&lt;');

function optionTable(command: Command, only?: (flag: string) => boolean): string[] {
  const options = command.options.filter((option) => !option.hidden && (only === undefined || only(option.long ?? '')));
  if (options.length === 0) return [];
  const rows = options.map((option) => {
    const facts = [option.description];
    if (option.argChoices !== undefined) facts.push(`one of ${option.argChoices.join(', ')}`);
    if (option.mandatory) facts.push('required');
    if (typeof option.defaultValue === 'string' || typeof option.defaultValue === 'number') {
      facts.push(`default ${option.defaultValue}`);
    }
    return `| \`${option.flags}\` | ${cell(facts.join('; '))} |`;
  });
  return ['', '| option | meaning |', '| --- | --- |', ...rows];
}

function usage(command: Command, path: string): string {
  const args = command.registeredArguments.map((argument) => {
    const name = `${argument.name()}${argument.variadic ? '…' : ''}`;
    return argument.required ? `<${name}>` : `[${name}]`;
  });
  return [path, ...args, '[options]'].join(' ');
}

function section(command: Command, path: string): string[] {
  if (command.commands.length > 0)
    return command.commands.flatMap((child) => section(child, `${path} ${child.name()}`));
  const lines = ['', `## \`${usage(command, path)}\``, '', command.description()];
  const described = command.registeredArguments.filter((argument) => argument.description !== '');
  if (described.length > 0) {
    lines.push('');
    for (const argument of described) lines.push(`- \`${argument.name()}\`: ${argument.description}`);
  }
  return [...lines, ...optionTable(command, (flag) => !common.includes(flag))];
}

const program = createProgram();
const first = program.commands[0];
const text = [
  '# Commands',
  '',
  'Generated from the commands themselves by `node scripts/docs.ts`; `npm test` fails when it is out of date.',
  '',
  'Exit codes: 0 success, 1 a failed run, 2 wrong usage, 3 a missed gate (`--fail-under`).',
  '',
  '## Options of every command',
  ...(first === undefined ? [] : optionTable(first, (flag) => common.includes(flag))),
  ...program.commands.flatMap((command) => section(command, `fettle ${command.name()}`)),
  '',
].join('\n');

if (process.argv.includes('--check')) {
  let present = '';
  try {
    present = readFileSync(file, 'utf8');
  } catch {
    // Reported below like any other difference.
  }
  if (present !== text) {
    console.error('docs/commands.md is not what the commands say. Write it anew with: node scripts/docs.ts');
    process.exit(1);
  }
} else {
  writeFileSync(file, text);
}
