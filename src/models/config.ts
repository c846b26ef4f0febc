import { readFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { errorMessage, usageError, type FettleError } from '../core/index.ts';
import type { EndpointConfig, ModelConfig } from './config-schema.ts';

export const configName = 'fettle.config.json';

const keyHint = 'Keys do not belong into this file: name an environment variable in "keyEnv", or a file in "keyFile".';

/**
 * Reads the configuration: the named file, or the nearest `fettle.config.json` in the folder or above it;
 * empty where there is none. Names of key files become absolute.
 *
 * @throws FettleError (usage) with the file and field in `where`
 */
export async function loadModelConfig(file?: string, cwd: string = process.cwd()): Promise<ModelConfig> {
  const path = file === undefined ? findUpward(cwd) : resolve(cwd, file);
  if (path === undefined) return {};
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw usageError(`The configuration cannot be read: ${errorMessage(cause)}`, { where: path, cause });
  }
  return parseModelConfig(text, path);
}

/** Checks the text of a configuration. */
export async function parseModelConfig(text: string, path: string): Promise<ModelConfig> {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (cause) {
    // The parser's message quotes the text around the fault, which could be a key: the place alone is told.
    throw usageError('The configuration is not JSON.', { where: `${path}${placeOfSyntaxError(cause, text)}` });
  }
  const key = findKey(raw, []);
  if (key !== undefined) throw at(path, key, 'holds a key.', keyHint);
  const { configSchema } = await import('./config-schema.ts');
  const result = configSchema.safeParse(raw);
  if (!result.success) {
    const [first, ...others] = result.error.issues;
    const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
    throw at(path, first?.path ?? [], `is wrong: ${first?.message ?? 'unknown'}${more}`);
  }
  for (const [name, endpoint] of Object.entries(result.data.endpoints ?? {})) {
    const place = ['endpoints', name];
    if (endpoint.keyEnv !== undefined && endpoint.keyFile !== undefined) {
      throw at(path, place, 'has both "keyEnv" and "keyFile".', 'Keep one of them.');
    }
    const builtIn =
      name === 'openai' ||
      name === 'anthropic' ||
      name === 'google' ||
      endpoint.api === 'anthropic' ||
      endpoint.api === 'google';
    if (endpoint.baseUrl === undefined && !builtIn) throw at(path, place, 'has no "baseUrl".');
    const { username, password } = new URL(endpoint.baseUrl ?? 'http://localhost');
    if (username !== '' || password !== '')
      throw at(path, [...place, 'baseUrl'], 'holds a user name or password.', keyHint);
  }
  const { endpoints, ...rest } = result.data;
  if (endpoints === undefined) return rest;
  return {
    ...rest,
    endpoints: Object.fromEntries(Object.entries(endpoints).map(([name, one]) => [name, absoluteKeyFile(one, path)])),
  };
}

function findUpward(from: string): string | undefined {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    const path = join(folder, configName);
    if (existsSync(path)) return path;
    if (folder === dirname(folder)) return undefined;
  }
}

/** The path of a field that looks like a key, whatever the schema says. */
function findKey(value: unknown, path: PropertyKey[]): PropertyKey[] | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [name, inner] of Object.entries(value)) {
    const here = [...path, name];
    const secretName = /^(x-)?(api[-_]?|access[-_]?|auth[-_]?)?(key|token|secret|password|authorization)$/i.test(name);
    // Named like an endpoint or a model, an object is no key.
    if (secretName && typeof inner === 'string') return here;
    if (typeof inner === 'string' && /^(sk-|Bearer\s)/.test(inner)) return here;
    const found = findKey(inner, here);
    if (found !== undefined) return found;
  }
  return undefined;
}

function at(path: string, field: readonly PropertyKey[], what: string, hint?: string): FettleError {
  const name = field.length === 0 ? 'the configuration' : field.map(String).join('.');
  return usageError(`In ${path}, ${name} ${what}`, { code: 'config-invalid', where: `${path}: ${name}`, hint });
}

function placeOfSyntaxError(error: unknown, text: string): string {
  const position = Number(/position (\d+)/.exec(errorMessage(error))?.[1] ?? Number.NaN);
  if (Number.isNaN(position)) return '';
  const before = text.slice(0, position).split('\n');
  return `:${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
}

function absoluteKeyFile(endpoint: EndpointConfig, path: string): EndpointConfig {
  return endpoint.keyFile === undefined ? endpoint : { ...endpoint, keyFile: resolve(dirname(path), endpoint.keyFile) };
}
