import { crc32 } from 'node:zlib';
import type { Entry, ZipFile } from 'yauzl';
import { errorMessage, FettleError } from '../../core/index.ts';
import { collect, defaultMaxBytes, tooLarge } from '../bytes/collect.ts';
import { createTree } from '../tree/create-tree.ts';
import type { DataEntry, DataTree } from '../tree/data-tree.ts';
import { ArchiveBudget, type ArchiveLimits } from './archive-limits.ts';
import { isClutter, memberName } from './member-name.ts';

export interface ZipContent {
  /** For people. */
  readonly label: string;
  readonly size: number;
  /** A path of the machine, or the bytes. */
  readonly content: string | Uint8Array;
}

/** The members of a zip archive, read in place. Sizes and checksums are verified while reading. */
export function zipTree({ label, size, content }: ZipContent, limits: ArchiveLimits): DataTree {
  let zip: Promise<ZipFile> | undefined;
  return createTree({
    kind: 'zip',
    location: label,
    async scan(note) {
      zip = openZip(content, label);
      return scanZip(await zip, { label, size, limits, note });
    },
    async close() {
      const opened = await zip?.catch(() => undefined);
      opened?.close();
    },
  });
}

async function openZip(content: string | Uint8Array, label: string): Promise<ZipFile> {
  const yauzl = await import('yauzl');
  // Names are decoded here, so that an unsafe one is refused in our own words.
  const options = { decodeStrings: false, autoClose: false, validateEntrySizes: true };
  try {
    return typeof content === 'string'
      ? await yauzl.openPromise(content, options)
      : await yauzl.fromBufferPromise(Buffer.from(content.buffer, content.byteOffset, content.length), options);
  } catch (cause) {
    throw damaged(label, cause);
  }
}

function damaged(label: string, cause: unknown): FettleError {
  return new FettleError(`${label} is no whole zip archive: ${errorMessage(cause)}`, {
    code: 'archive-damaged',
    where: label,
    hint: 'It may have been cut while it was fetched: fetch it again.',
    cause,
  });
}

interface ScanContext {
  readonly label: string;
  readonly size: number;
  readonly limits: ArchiveLimits;
  readonly note: (text: string) => void;
}

async function scanZip(zip: ZipFile, { label, size, limits, note }: ScanContext): Promise<DataEntry[]> {
  const { getFileNameLowLevel } = await import('yauzl');
  const budget = new ArchiveBudget(label, size, limits);
  const entries = new Map<string, DataEntry>();
  try {
    for await (const member of zip.eachEntry()) {
      const raw = getFileNameLowLevel(
        member.generalPurposeBitFlag,
        member.fileName as unknown as Buffer,
        member.extraFields,
        true,
      );
      const { path, isFolder } = memberName(raw, label);
      budget.add(raw, member.uncompressedSize, member.compressedSize);
      if (isFolder || path === '' || isClutter(path)) continue;
      const kind = unixKind(member);
      if (kind !== undefined) {
        note(`${path}: ${kind}, left out`);
        continue;
      }
      if (entries.has(path)) note(`${path}: the archive has this name more than once, the last one counts`);
      entries.set(path, zipEntry(zip, member, path, label));
    }
  } catch (error) {
    throw FettleError.isInstance(error) ? error : damaged(label, error);
  }
  return [...entries.values()];
}

/** What a member is, where it is no regular file: Unix keeps the file type in the upper half of the attributes. */
function unixKind({ versionMadeBy, externalFileAttributes }: Entry): string | undefined {
  if (versionMadeBy >> 8 !== 3) return undefined;
  const type = (externalFileAttributes >>> 16) & 0o170000;
  if (type === 0 || type === 0o100000) return undefined;
  return type === 0o120000 ? 'a symbolic link' : type === 0o040000 ? 'a folder' : 'a device';
}

function zipEntry(zip: ZipFile, member: Entry, path: string, archive: string): DataEntry {
  const label = `${archive}!/${path}`;
  const size = member.uncompressedSize;
  const stream = async function* (): AsyncGenerator<Uint8Array> {
    if (!member.canDecodeFileData()) {
      throw new FettleError(
        `${label} ${member.isEncrypted() ? 'is encrypted' : `is packed by method ${member.compressionMethod}, which is not known here`}`,
        { code: 'archive-unsupported', where: label, hint: 'Unpack the archive yourself and give the folder.' },
      );
    }
    let checksum = 0;
    try {
      const readable = await zip.openReadStreamPromise(member);
      for await (const chunk of readable as AsyncIterable<Buffer>) {
        checksum = crc32(chunk, checksum);
        yield chunk;
      }
    } catch (error) {
      throw FettleError.isInstance(error) ? error : damaged(label, error);
    }
    if (checksum !== member.crc32) throw damaged(label, new Error('its checksum is wrong'));
  };
  return {
    path,
    label,
    name: path.slice(path.lastIndexOf('/') + 1),
    size,
    stream,
    async bytes({ maxBytes = defaultMaxBytes } = {}) {
      if (size > maxBytes) throw tooLarge(label, size, maxBytes);
      return collect(stream(), { label, maxBytes });
    },
  };
}
