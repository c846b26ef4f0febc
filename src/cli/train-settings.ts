import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { z } from 'zod';
import { errorMessage, usageError } from '../core/index.ts';

export type Settings = { [name: string]: unknown };

/** Settings of a recipe: those of a file, over them `--set` paths, over them the named options that were given. */
export async function trainSettings(options: {
  readonly file: string | undefined;
  readonly sets: readonly string[] | undefined;
  /** Path → value; undefined where the option was not given. */
  readonly named: Readonly<Record<string, unknown>>;
}): Promise<Settings> {
  const settings = options.file === undefined ? {} : await readSettings(options.file);
  for (const text of options.sets ?? []) {
    const equals = text.indexOf('=');
    if (equals < 1) throw usageError(`"${text}" sets nothing.`, { where: '--set', hint: 'Write PATH=VALUE.' });
    assign(settings, text.slice(0, equals).trim(), valueOf(text.slice(equals + 1)));
  }
  for (const [path, value] of Object.entries(options.named)) if (value !== undefined) assign(settings, path, value);
  return settings;
}

async function readSettings(file: string): Promise<Settings> {
  const path = resolve(file);
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw usageError(`The settings cannot be read: ${errorMessage(cause)}`, {
      where: path,
      hint: 'The file of --config is a JSON object of the recipe’s settings.',
      cause,
    });
  }
  const parsed = z.record(z.string(), z.unknown()).safeParse(value);
  if (!parsed.success) throw usageError('The settings are no JSON object.', { where: path });
  return parsed.data;
}

/** JSON where it is JSON, else the text itself. */
function valueOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function assign(settings: Settings, path: string, value: unknown): void {
  const names = path.split('.');
  let place = settings;
  for (const [index, name] of names.entries()) {
    if (name === '__proto__' || name === 'constructor' || name === 'prototype') {
      throw usageError(`There is no setting "${path}".`, { where: '--set' });
    }
    if (index === names.length - 1) {
      place[name] = value;
      return;
    }
    const next = place[name];
    place[name] = typeof next === 'object' && next !== null && !Array.isArray(next) ? { ...next } : {};
    place = place[name] as Settings;
  }
}

/** Reads settings with the recipe's schema; a fault names the setting. */
export function parseSettings<T>(schema: z.ZodType<T>, settings: Settings, recipe: string): T {
  const parsed = schema.safeParse(settings);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const path = issue?.path.join('.') ?? '';
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys.join(', ') : undefined;
  throw usageError(
    unknown === undefined
      ? `The setting ${path === '' ? '' : `"${path}" `}of ${recipe} is not right: ${issue?.message ?? ''}`
      : `The recipe ${recipe} has no setting "${path === '' ? '' : `${path}.`}${unknown}".`,
    {
      where: path === '' ? undefined : path,
      hint: '`fettle train RECIPE --help` names the usual settings; docs/results/cliperase.md shows whole commands.',
    },
  );
}
