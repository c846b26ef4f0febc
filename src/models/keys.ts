import { readFile } from 'node:fs/promises';
import { errorMessage, usageError } from '../core/index.ts';
import type { EndpointConfig } from './config-schema.ts';
import { registerSecret } from './redact.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Key {
  readonly value: string;
  /** Where it came from, for people. */
  readonly source: string;
}

/** A key from the environment, remembered for redaction. */
export function keyFromEnv(env: Environment, name: string): Key | undefined {
  const value = env[name]?.trim();
  if (value === undefined || value === '') return undefined;
  registerSecret(value);
  return { value: checked(value, name), source: name };
}

/**
 * The key that an endpoint of the configuration names.
 *
 * @throws FettleError (usage) where it is named and not there
 */
export async function keyOfEndpoint(
  endpoint: EndpointConfig,
  name: string,
  env: Environment,
): Promise<Key | undefined> {
  const where = `fettle.config.json: endpoints.${name}`;
  if (endpoint.keyEnv !== undefined) {
    const key = keyFromEnv(env, endpoint.keyEnv);
    if (key !== undefined) return key;
    throw usageError(`The environment variable ${endpoint.keyEnv} is not set.`, {
      code: 'key-missing',
      where: `${where}.keyEnv`,
      hint: `Set it to the key of the endpoint "${name}".`,
    });
  }
  if (endpoint.keyFile === undefined) return undefined;
  const path = endpoint.keyFile;
  let text: string;
  try {
    text = (await readFile(path, 'utf8')).trim();
  } catch (cause) {
    const message = `The key file of the endpoint "${name}" cannot be read: ${errorMessage(cause)}`;
    throw usageError(message, { code: 'key-missing', where: `${where}.keyFile`, cause });
  }
  registerSecret(text);
  if (text === '')
    throw usageError(`The key file ${path} is empty.`, { code: 'key-missing', where: `${where}.keyFile` });
  return { value: checked(text, path), source: path };
}

/** Headers of an endpoint, those from the environment filled in and remembered for redaction. */
export function headersOfEndpoint(endpoint: EndpointConfig, name: string, env: Environment): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [header, value] of Object.entries(endpoint.headers ?? {})) {
    if (typeof value === 'string') {
      headers[header] = value;
      continue;
    }
    const key = keyFromEnv(env, value.env);
    if (key === undefined) {
      throw usageError(`The environment variable ${value.env} is not set.`, {
        code: 'key-missing',
        where: `endpoints.${name}.headers.${header}`,
      });
    }
    headers[header] = key.value;
  }
  return headers;
}

/** A line break within a key would let it write further headers. */
function checked(value: string, source: string): string {
  if (/^[\x21-\x7e]+$/.test(value)) return value;
  throw usageError(`The key in ${source} holds spaces, line breaks or characters outside ASCII.`, {
    code: 'key-invalid',
    hint: 'Copy it again, without quotes.',
  });
}
