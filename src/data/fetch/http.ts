import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import type { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { FettleError } from '../../core/index.ts';
import { isPrivateAddress } from './private-address.ts';

export interface HttpOptions {
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Allow loopback and private networks: for hosts that the user configured, never for addresses that data wrote. */
  readonly allowPrivate?: boolean | undefined;
  /** Until the response starts, in milliseconds; connecting takes at most 5 s of it. Default 20 s. */
  readonly firstByteTimeoutMs?: number | undefined;
  /** Longest silence within a body, in milliseconds. Default 60 s. */
  readonly stallTimeoutMs?: number | undefined;
  /** Default 5. */
  readonly maxRedirects?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface HttpResponse {
  readonly status: number;
  /** Lower-case names; repeated headers joined. */
  readonly headers: Readonly<Record<string, string>>;
  /** The address that answered, after redirects. */
  readonly url: string;
  readonly body: Readable;
}

const connectTimeoutMs = 5000;
/** Never sent on to another origin. */
const secretHeaders = /^(?:authorization|cookie|proxy-authorization|x-.*(?:token|key).*)$/i;
const agents = new Map<string, Promise<Dispatcher>>();

/**
 * GET over undici, following redirects. Headers that carry secrets stay with the first origin; https never becomes http.
 * Proxies of the environment (HTTPS_PROXY, NO_PROXY) are used.
 *
 * Throws a FettleError `download-unreachable`, `download-refused` (private address, other protocol) or `download-redirects`.
 */
export async function httpGet(address: string, options: HttpOptions = {}): Promise<HttpResponse> {
  const {
    allowPrivate = false,
    firstByteTimeoutMs = 20_000,
    stallTimeoutMs = 60_000,
    maxRedirects = 5,
    signal,
  } = options;
  const { request } = await import('undici');
  const dispatcher = await agent(allowPrivate, Math.min(connectTimeoutMs, firstByteTimeoutMs));
  let url = checkedUrl(address, allowPrivate);
  let headers: Record<string, string> = { 'user-agent': 'fettle', 'accept-encoding': 'identity', ...options.headers };
  for (let redirects = 0; ; redirects++) {
    const response = await request(url, {
      method: 'GET',
      headers,
      dispatcher,
      headersTimeout: firstByteTimeoutMs,
      bodyTimeout: stallTimeoutMs,
      ...(signal === undefined ? {} : { signal }),
    }).catch((cause: unknown) => {
      if (signal?.aborted === true) throw signal.reason;
      throw unreachable(url, cause);
    });
    const answered: Record<string, string> = {};
    for (const [name, value] of Object.entries(response.headers)) {
      if (value !== undefined) answered[name] = Array.isArray(value) ? value.join(', ') : value;
    }
    const { location } = answered;
    if (![301, 302, 303, 307, 308].includes(response.statusCode) || location === undefined) {
      return { status: response.statusCode, headers: answered, url: url.href, body: response.body };
    }
    await response.body.dump();
    if (redirects >= maxRedirects) {
      throw new FettleError(`${publicUrl(address)} redirects more than ${maxRedirects} times`, {
        code: 'download-redirects',
        where: publicUrl(address),
      });
    }
    const next = checkedUrl(new URL(location, url).href, allowPrivate);
    if (url.protocol === 'https:' && next.protocol !== 'https:') {
      throw refused(next, 'it is no longer encrypted, unlike the address that led there');
    }
    if (next.origin !== url.origin) {
      headers = Object.fromEntries(Object.entries(headers).filter(([name]) => !secretHeaders.test(name)));
    }
    url = next;
  }
}

/** An address for people: without user, password, query and fragment, which may carry secrets. */
export function publicUrl(address: string | URL): string {
  const url = typeof address === 'string' ? URL.parse(address) : address;
  return url === null ? String(address).replace(/[?#].*$/, '') : `${url.origin}${url.pathname}`;
}

function checkedUrl(address: string, allowPrivate: boolean): URL {
  const url = URL.parse(address);
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new FettleError(`${publicUrl(address)} is no http or https address`, {
      code: 'download-refused',
      where: publicUrl(address),
    });
  }
  if (!allowPrivate && (isPrivateAddress(url.hostname) || /(?:^|\.)localhost\.?$/i.test(url.hostname))) {
    throw refused(url, 'it is an address of this machine or of a private network');
  }
  return url;
}

function refused(url: URL, why: string): FettleError {
  return new FettleError(`${publicUrl(url)} is not fetched: ${why}`, {
    code: 'download-refused',
    where: publicUrl(url),
    hint: 'Data must not make this machine ask its own network.',
  });
}

function unreachable(url: URL, cause: unknown): FettleError {
  if (FettleError.isInstance(cause)) return cause;
  const inner = cause as { code?: string; message?: string; errors?: { code?: string }[] };
  const code = inner.code ?? inner.errors?.[0]?.code ?? '';
  const why =
    code === 'ENOTFOUND' || code === 'EAI_AGAIN'
      ? `the name ${url.hostname} is not known`
      : code === 'ECONNREFUSED'
        ? 'the connection was refused'
        : /TIMEOUT/.test(code)
          ? 'it did not answer in time'
          : (inner.message ?? code);
  return new FettleError(`${url.origin} cannot be reached: ${why}`, {
    code: 'download-unreachable',
    where: publicUrl(url),
    hint: 'Check the network and proxy (HTTPS_PROXY), or fetch the data elsewhere and give it with --data.',
    cause,
  });
}

/** Agents are shared, so that connections are. */
function agent(allowPrivate: boolean, timeoutMs: number): Promise<Dispatcher> {
  const key = `${allowPrivate} ${timeoutMs}`;
  const known = agents.get(key);
  if (known !== undefined) return known;
  const made = import('undici').then(({ Agent, EnvHttpProxyAgent }): Dispatcher => {
    const connect = { timeout: timeoutMs, ...(allowPrivate ? {} : { lookup: publicLookup }) };
    const proxied = ['http_proxy', 'https_proxy'].some((name) => process.env[name] ?? process.env[name.toUpperCase()]);
    return proxied ? new EnvHttpProxyAgent({ connect }) : new Agent({ connect });
  });
  agents.set(key, made);
  return made;
}

/** Name lookup that refuses private results: a public name can point at a private address. */
const publicLookup: LookupFunction = (hostname, options, callback) => {
  systemLookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error !== null) {
      callback(error, '');
      return;
    }
    const list = addresses as unknown as LookupAddress[];
    if (list.some(({ address }) => isPrivateAddress(address))) {
      const why = `its name ${hostname} leads to a private network`;
      callback(
        Object.assign(
          new FettleError(`${hostname} is not fetched: ${why}`, { code: 'download-refused', where: hostname }),
        ),
        '',
      );
      return;
    }
    const [first] = list;
    if (options.all === true) callback(null, list);
    else callback(null, first?.address ?? '', first?.family);
  });
};
