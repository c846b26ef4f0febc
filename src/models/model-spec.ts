import { usageError } from '../core/index.ts';

/** A model as the user names it, taken apart. */
export type ModelSpec =
  | { readonly kind: 'url'; readonly baseUrl: string; readonly name: string }
  | { readonly kind: 'named'; readonly provider: string; readonly name: string };

/**
 * Takes `PROVIDER:NAME` or `http(s)://HOST[:PORT]/v1#NAME` apart.
 *
 * @throws FettleError (usage) where it is neither
 */
export function parseModelSpec(spec: string): ModelSpec {
  if (/^https?:\/\//i.test(spec)) {
    const hash = spec.indexOf('#');
    const baseUrl = hash === -1 ? spec : spec.slice(0, hash);
    if (!URL.canParse(baseUrl))
      throw usageError(`"${spec}" is not an address.`, { hint: 'Write http://HOST:PORT/v1#NAME.' });
    const { username, password } = new URL(baseUrl);
    if (username !== '' || password !== '') {
      throw usageError('The address of a model holds a user name or password.', {
        hint: 'Name the endpoint in fettle.config.json, with "keyEnv" for its key.',
      });
    }
    return { kind: 'url', baseUrl, name: hash === -1 ? '' : spec.slice(hash + 1) };
  }
  const colon = spec.indexOf(':');
  if (colon <= 0) {
    throw usageError(`"${spec}" names no model.`, {
      hint: 'Write PROVIDER:NAME (openai:gpt-4.1-mini, local:NAME, test:echo) or http://HOST:PORT/v1#NAME.',
    });
  }
  return { kind: 'named', provider: spec.slice(0, colon), name: spec.slice(colon + 1) };
}
