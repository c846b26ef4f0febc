import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { FettleError, usageError } from '../../core/index.ts';
import { memberName } from '../archives/member-name.ts';
import { download, type DownloadProgress } from './download.ts';
import { cacheFolder } from './folders.ts';
import { gitBlobHash } from './git-blob-hash.ts';
import { httpJson } from './http-json.ts';

export interface HubRepo {
  /** `owner/name`. */
  readonly repo: string;
  readonly type: 'model' | 'dataset';
  /** Commit, branch or tag. Default `main`. */
  readonly revision?: string | undefined;
}

export interface HubFile {
  readonly path: string;
  readonly bytes: number;
  readonly url: string;
  /** Of the content, for files in large-file storage. */
  readonly sha256?: string;
  /** The git blob's id, for the others. */
  readonly gitOid?: string;
}

export interface HubTree {
  /** Full commit id: what the revision was resolved to. */
  readonly commit: string;
  readonly files: readonly HubFile[];
  /** Set where the hub could not be asked and an earlier answer is used. */
  readonly stale?: boolean;
}

export interface HubOptions {
  /** Default HF_ENDPOINT, else the official hub. */
  readonly endpoint?: string | undefined;
  /** Default HF_TOKEN. Sent to the endpoint alone, never logged. */
  readonly token?: string | undefined;
  /** Default the user's cache folder. */
  readonly cache?: string | undefined;
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
  readonly firstByteTimeoutMs?: number | undefined;
  readonly backoffMs?: number | undefined;
}

export interface FetchOptions {
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

const entrySchema = z.object({
  type: z.string(),
  path: z.string(),
  size: z.number().optional(),
  oid: z.string().optional(),
  lfs: z.object({ oid: z.string().regex(/^[0-9a-f]{64}$/), size: z.number() }).optional(),
});
const fullCommit = /^[0-9a-f]{40}$/;

/** Where a file of a hub repository is downloaded. Asks nobody. */
export function hubFileUrl(
  { repo, type, revision = 'main', path }: HubRepo & { readonly path: string },
  environment: Readonly<Record<string, string | undefined>> = process.env,
): string {
  return `${hubEndpoint(environment)}/${repoPath(repo, type)}/resolve/${encodeURIComponent(revision)}/${encodePath(path)}`;
}

/** HF_ENDPOINT, else the official address, without a slash at the end. */
export function hubEndpoint(environment: Readonly<Record<string, string | undefined>> = process.env): string {
  return (environment['HF_ENDPOINT'] || 'https://huggingface.co').replace(/\/+$/, '');
}

function repoPath(repo: string, type: HubRepo['type']): string {
  if (!/^[\w.-]+(?:\/[\w.-]+)?$/.test(repo) || repo.split('/').some((part) => /^\.+$/.test(part))) {
    throw usageError(`${JSON.stringify(repo)} is no repository of the hub`, { hint: 'Write it as owner/name.' });
  }
  return type === 'dataset' ? `datasets/${repo}` : repo;
}

function encodePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}

/**
 * A client of the Hugging Face hub: listings at a pinned commit, downloads that are verified against them,
 * and a cache addressed by content. Throws FettleErrors of `download`, and `hub-missing` for an unknown path.
 */
export class Hub {
  readonly endpoint: string;
  readonly #token: string | undefined;
  readonly #cache: string;
  readonly #http: { firstByteTimeoutMs?: number | undefined; backoffMs?: number | undefined };

  constructor(options: HubOptions = {}) {
    const { environment = process.env } = options;
    this.endpoint = (options.endpoint ?? hubEndpoint(environment)).replace(/\/+$/, '');
    this.#token = options.token ?? (environment['HF_TOKEN'] || undefined);
    this.#cache = options.cache ?? join(cacheFolder(environment), 'hub');
    this.#http = { firstByteTimeoutMs: options.firstByteTimeoutMs, backoffMs: options.backoffMs };
  }

  /** The full commit id of a revision. */
  async resolve(repo: HubRepo, signal?: AbortSignal): Promise<string> {
    return (await this.#resolve(repo, signal)).commit;
  }

  /** All files at a revision. A commit's listing is cached for good; that of a branch serves when the hub is out of reach. */
  async tree(repo: HubRepo, signal?: AbortSignal): Promise<HubTree> {
    const { commit, stale } = await this.#resolve(repo, signal);
    const cached = this.#cachePath(repo, `tree-${commit}.json`);
    const known = await readJson(cached, z.array(entrySchema));
    const entries = known ?? (await this.#list(repo, commit, signal));
    if (known === undefined) await writeJson(cached, entries);
    const files = entries
      .filter(({ type }) => type === 'file')
      .map((entry): HubFile => {
        const { path } = memberName(entry.path, `${this.endpoint}/${repo.repo}`);
        return {
          path,
          bytes: entry.lfs?.size ?? entry.size ?? 0,
          url: `${this.endpoint}/${repoPath(repo.repo, repo.type)}/resolve/${commit}/${encodePath(entry.path)}`,
          ...(entry.lfs === undefined
            ? entry.oid === undefined
              ? {}
              : { gitOid: entry.oid }
            : { sha256: entry.lfs.oid }),
        };
      });
    return { commit, files, ...(stale ? { stale } : {}) };
  }

  /**
   * Brings one file into the cache and gives its place there, by content: it must not be changed.
   * Large files are verified by sha256, others by their git blob id.
   */
  async fetch(
    { path, ...repo }: HubRepo & { readonly path: string },
    { onProgress, signal }: FetchOptions = {},
  ): Promise<{ readonly file: string; readonly sha256: string; readonly commit: string }> {
    const { commit, files } = await this.tree(repo, signal);
    const file = files.find((known) => known.path === path);
    if (file === undefined) {
      throw new FettleError(`${repo.repo} holds no ${path} at ${commit.slice(0, 12)}`, {
        code: 'hub-missing',
        where: `${repo.repo}/${path}`,
        hint: `It holds ${files
          .slice(0, 8)
          .map((known) => known.path)
          .join(', ')}${files.length > 8 ? ', ...' : ''}.`,
      });
    }
    const { sha256, gitOid, bytes, url } = file;
    const place = join(this.#cache, 'blobs', sha256 ?? `git-${gitOid ?? `${commit}-${encodeURIComponent(path)}`}`);
    const done = await download({
      url,
      path: place,
      bytes,
      ...(sha256 === undefined ? {} : { sha256 }),
      headers: this.#headers(),
      allowPrivate: true,
      ...this.#http,
      onProgress,
      signal,
    });
    if (gitOid !== undefined && !done.reused) await verifyGitBlob(place, gitOid, bytes, url);
    return { file: place, sha256: done.sha256, commit };
  }

  async #resolve(repo: HubRepo, signal?: AbortSignal): Promise<{ commit: string; stale: boolean }> {
    const { revision = 'main' } = repo;
    if (fullCommit.test(revision)) return { commit: revision, stale: false };
    const cached = this.#cachePath(repo, `ref-${encodeURIComponent(revision)}.json`);
    const schema = z.object({ sha: z.string().regex(fullCommit) });
    try {
      const url = `${this.#api(repo)}/revision/${encodeURIComponent(revision)}`;
      const { json } = await this.#json(url, signal);
      const { sha } = schema.parse(json);
      await writeJson(cached, { sha });
      return { commit: sha, stale: false };
    } catch (error) {
      const known = await readJson(cached, schema);
      if (known === undefined || !FettleError.isInstance(error) || error.code !== 'download-unreachable') throw error;
      return { commit: known.sha, stale: true };
    }
  }

  async #list(repo: HubRepo, commit: string, signal?: AbortSignal): Promise<z.output<typeof entrySchema>[]> {
    const entries: z.output<typeof entrySchema>[] = [];
    let next: string | undefined = `${this.#api(repo)}/tree/${commit}?recursive=true`;
    for (let page = 0; next !== undefined; page++) {
      if (page > 10_000)
        throw new FettleError(`${repo.repo} lists without end`, { code: 'download-failed', where: next });
      const { json, response } = await this.#json(next, signal);
      entries.push(...z.array(entrySchema).parse(json));
      const link: string | undefined = /<([^>]+)>\s*;\s*rel="next"/.exec(response.headers['link'] ?? '')?.[1];
      next = link === undefined ? undefined : new URL(link, next).href;
      // The token goes with every request, so pages stay where the first one was.
      if (next !== undefined && new URL(next).origin !== new URL(this.endpoint).origin) {
        throw new FettleError(`The listing of ${repo.repo} leads to another host`, {
          code: 'download-refused',
          where: repo.repo,
        });
      }
    }
    return entries;
  }

  #json(url: string, signal?: AbortSignal) {
    return httpJson(url, { headers: this.#headers(), allowPrivate: true, ...this.#http, signal });
  }

  #headers(): Record<string, string> {
    return this.#token === undefined ? {} : { authorization: `Bearer ${this.#token}` };
  }

  #api({ repo, type }: HubRepo): string {
    repoPath(repo, type);
    return `${this.endpoint}/api/${type === 'dataset' ? 'datasets' : 'models'}/${repo}`;
  }

  #cachePath({ repo, type }: HubRepo, name: string): string {
    const host = new URL(this.endpoint).host.replaceAll(':', '_');
    return join(this.#cache, host, `${type}s`, repo.replaceAll('/', '--'), name);
  }
}

async function verifyGitBlob(file: string, gitOid: string, bytes: number, url: string): Promise<void> {
  const found = await gitBlobHash(file, bytes, gitOid.length === 64 ? 'sha256' : 'sha1');
  if (found === gitOid) return;
  const { rename } = await import('node:fs/promises');
  await rename(file, `${file}.bad`);
  throw new FettleError(`What ${url} gave is not what was expected: its git id is ${found}, ${gitOid} was expected`, {
    code: 'download-corrupt',
    where: url,
    hint: `The bytes are kept as ${file}.bad.`,
  });
}

async function readJson<T>(path: string, schema: z.ZodType<T>): Promise<T | undefined> {
  try {
    return schema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return undefined;
  }
}

async function writeJson(path: string, value: unknown): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, JSON.stringify(value));
}
