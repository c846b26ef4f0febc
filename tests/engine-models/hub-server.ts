import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

export interface HubServer {
  /** For HF_ENDPOINT. */
  readonly address: string;
  readonly commit: string;
  /** `METHOD /path` of each request, in order. */
  readonly seen: string[];
  close(): Promise<void>;
}

/**
 * Serves one repository as huggingface_hub asks for it: which commit a revision is, the commit's list of files, and each
 * file with its commit and hash in the headers. Everything else is not found, as on the hub.
 */
export async function serveCheckpoint(
  repository: string,
  folder: string,
  more: Readonly<Record<string, string>> = {},
): Promise<HubServer> {
  const commit = createHash('sha1').update(repository).digest('hex');
  const contents = new Map<string, Buffer>(Object.entries(more).map(([name, text]) => [name, Buffer.from(text)]));
  for (const name of await readdir(folder)) contents.set(name, await readFile(join(folder, name)));
  const hash = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
  const files = [...contents].map(([path, bytes]) => ({ type: 'file', path, size: bytes.length, oid: hash(bytes) }));
  const seen: string[] = [];

  function answer({ method = '', url = '' }: IncomingMessage, response: ServerResponse): void {
    const path = decodeURIComponent(new URL(url, 'http://hub').pathname);
    seen.push(`${method} ${path}`);
    const json = (value: unknown): void => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(value));
    };
    const api = `/api/models/${repository}`;
    if (path === `${api}/revision/main`) {
      return json({ id: repository, sha: commit, siblings: files.map((file) => ({ rfilename: file.path })) });
    }
    if (path === `${api}/tree/${commit}`) return json(files);
    const bytes = contents.get(path.replace(`/${repository}/resolve/${commit}/`, ''));
    if (bytes === undefined) {
      const code = path.startsWith(api) || path.startsWith(`/${repository}/`) ? 'EntryNotFound' : 'RepoNotFound';
      response.writeHead(404, { 'x-error-code': code });
      response.end();
      return;
    }
    response.writeHead(200, {
      'content-length': bytes.length,
      'x-repo-commit': commit,
      etag: `"${hash(bytes)}"`,
      'accept-ranges': 'bytes',
    });
    response.end(method === 'HEAD' ? undefined : bytes);
  }

  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}`,
    commit,
    seen,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
