import type { Header } from 'tar-stream';
import { errorMessage, FettleError } from '../../core/index.ts';
import { defaultMaxBytes, tooLarge } from '../bytes/collect.ts';
import { createTree } from '../tree/create-tree.ts';
import type { DataEntry, DataTree } from '../tree/data-tree.ts';
import { ArchiveBudget, type ArchiveLimits } from './archive-limits.ts';
import { isClutter, memberName } from './member-name.ts';
import type { RandomAccess } from './random-access.ts';

/** Where a tar member's bytes lie. */
interface TarMember {
  readonly name: string;
  readonly type: Header['type'] | null;
  readonly size: number;
  readonly offset: number;
  readonly pax: Readonly<Record<string, string>> | null | undefined;
}

/**
 * The members of an uncompressed tar archive, read in place:
 * one pass finds where each lies, after that any member is read without the others.
 */
export function tarTree(
  open: () => Promise<RandomAccess>,
  { label, packedBytes, limits }: { label: string; packedBytes: number; limits: ArchiveLimits },
): DataTree {
  let opening: Promise<RandomAccess> | undefined;
  return createTree({
    kind: 'tar',
    location: label,
    async scan(note) {
      opening = open();
      const archive = await opening;
      const budget = new ArchiveBudget(label, packedBytes, limits);
      const entries = new Map<string, DataEntry>();
      for await (const member of scanTar(archive.stream(0, archive.size), label)) {
        const { path, isFolder } = memberName(member.name, label);
        budget.add(member.name, member.size);
        if (isFolder || path === '' || isClutter(path) || member.type === 'directory') continue;
        const why = refusal(member);
        if (why !== undefined) {
          note(`${path}: ${why}, left out`);
          continue;
        }
        if (entries.has(path)) note(`${path}: the archive has this name more than once, the last one counts`);
        entries.set(path, tarEntry(archive, member, path, label));
      }
      return [...entries.values()];
    },
    async close() {
      const archive = await opening?.catch(() => undefined);
      await archive?.close();
    },
  });
}

function refusal({ type, pax }: TarMember): string | undefined {
  if (type === 'symlink') return 'a symbolic link';
  if (type === 'link') return 'a hard link';
  if (type !== 'file' && type !== 'contiguous-file') return type ? `a ${type}` : 'of an unknown kind';
  if (Object.keys(pax ?? {}).some((key) => key.startsWith('GNU.sparse'))) return 'a sparse file';
  return undefined;
}

/** Headers of a tar stream in order; a FettleError `archive-damaged` where it is cut or no tar. */
async function* scanTar(chunks: AsyncIterable<Uint8Array>, label: string): AsyncGenerator<TarMember> {
  const { extract } = await import('tar-stream');
  const extractor = extract();
  let found: TarMember[] = [];
  let failure: unknown;
  extractor.on('entry', (header, content, next) => {
    const { byteOffset = 0, pax } = header as Header & { byteOffset?: number; pax?: Record<string, string> | null };
    found.push({ name: header.name, type: header.type, size: header.size, offset: byteOffset, pax });
    content.on('end', () => next());
    // The extractor reports the same error itself.
    content.on('error', () => undefined);
    content.resume();
  });
  extractor.on('error', (error: unknown) => (failure ??= error));
  const damaged = (cause: unknown): FettleError =>
    new FettleError(`${label} is no whole tar archive: ${errorMessage(cause)}`, {
      code: 'archive-damaged',
      where: label,
      hint: 'It may have been cut while it was fetched: fetch it again.',
      cause,
    });
  let wake = (): void => undefined;
  for (const event of ['drain', 'finish', 'close'] as const) extractor.on(event, () => wake());
  /** Resolves once the extractor took what `act` gave it, finished, or failed. */
  const step = (act: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      wake = resolve;
      if (act() || failure !== undefined) resolve();
    });
  try {
    for await (const chunk of chunks) {
      await step(() => extractor.write(chunk));
      if (failure !== undefined) throw damaged(failure);
      yield* found;
      found = [];
    }
    await step(() => {
      extractor.end(null);
      return false;
    });
    if (failure !== undefined) throw damaged(failure);
    yield* found;
  } finally {
    extractor.destroy(null);
  }
}

function tarEntry(archive: RandomAccess, { size, offset }: TarMember, path: string, label: string): DataEntry {
  const entryLabel = `${label}!/${path}`;
  return {
    path,
    label: entryLabel,
    name: path.slice(path.lastIndexOf('/') + 1),
    size,
    stream: () => archive.stream(offset, offset + size),
    async bytes({ maxBytes = defaultMaxBytes } = {}) {
      if (size > maxBytes) throw tooLarge(entryLabel, size, maxBytes);
      return archive.read(offset, offset + size);
    },
    async range(start, end) {
      return archive.read(offset + Math.min(start, size), offset + Math.min(end, size));
    },
  };
}
