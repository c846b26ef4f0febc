import { createHash, timingSafeEqual } from 'node:crypto';
import { isIPv4 } from 'node:net';
import { usageError } from '../core/index.ts';
import { ApiError } from './api-error.ts';

/** Who may ask this server. */
export interface Access {
  /** Throws the ApiError that turns the request away. */
  check(headers: { readonly authorization: string | undefined; readonly host: string | undefined }): void;
}

/** Shorter tokens can be guessed. */
const shortestToken = 16;

/** True for addresses that only this machine reaches. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '').toLowerCase();
  return bare === 'localhost' || bare === '::1' || (isIPv4(bare) && bare.startsWith('127.'));
}

/**
 * With a token, requests need it as a bearer token, whatever the address. Without one, the server has to be on this
 * machine, and requests have to name this machine as their host: a web page that points a name of its own at 127.0.0.1
 * (DNS rebinding) is turned away.
 *
 * @throws usage error for another address without a token, and for a token that can be guessed
 */
export function createAccess({ host, token }: { readonly host: string; readonly token: string | undefined }): Access {
  if (token === undefined) {
    if (!isLoopback(host)) {
      throw usageError(`Others can reach ${host}, and there is no token.`, {
        code: 'token-missing',
        where: '--host',
        hint: 'Name an environment variable that holds one: --token-env FETTLE_SERVE_TOKEN.',
      });
    }
    return {
      check({ host: named }) {
        const name = named?.replace(/:\d+$/, '') ?? '';
        if (isLoopback(name)) return;
        throw new ApiError(`This server is for ${host} alone; the request names another host.`, {
          status: 403,
          type: 'permission_error',
          code: 'wrong_host',
        });
      },
    };
  }
  if (token.length < shortestToken) {
    throw usageError(`The token has ${token.length} characters, which can be guessed.`, {
      code: 'token-weak',
      where: '--token-env',
      hint: `Use ${shortestToken} characters or more, for example those that \`openssl rand -hex 32\` prints.`,
    });
  }
  const expected = digest(token);
  return {
    check({ authorization }) {
      const sent = /^Bearer +(.+)$/i.exec(authorization ?? '')?.[1];
      // Digests are compared: they have one length, and the comparison takes one time.
      if (timingSafeEqual(digest(sent ?? ''), expected) && sent !== undefined) return;
      throw new ApiError(
        sent === undefined
          ? 'This server asks for a token: send it as "Authorization: Bearer TOKEN" (`apiKey` of the client).'
          : 'The token is not the one that this server asks for.',
        { status: 401, type: 'authentication_error', code: 'invalid_api_key' },
      );
    },
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
