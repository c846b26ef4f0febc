import { FettleError } from '../../core/index.ts';
import { byteCount } from '../bytes/byte-count.ts';

/** What an archive may ask of its reader. Everything is checked on what the archive declares, and again while reading. */
export interface ArchiveLimits {
  /** Members. Default 1,000,000. */
  readonly maxEntries: number;
  /** Unpacked bytes of one member. Default 64 GiB. */
  readonly maxEntryBytes: number;
  /** Unpacked bytes of all members. Default 256 GiB. */
  readonly maxTotalBytes: number;
  /** Unpacked bytes for each packed byte, of members and archives above 16 MiB. Default 250. */
  readonly maxRatio: number;
}

export const defaultArchiveLimits: ArchiveLimits = {
  maxEntries: 1_000_000,
  maxEntryBytes: 64 * 2 ** 30,
  maxTotalBytes: 256 * 2 ** 30,
  maxRatio: 250,
};

/** Outputs below this size are harmless whatever their ratio. */
const ratioFloorBytes = 16 * 2 ** 20;

/** Adds up what an archive's members declare; a FettleError `archive-limit` names archive, member and limit. */
export class ArchiveBudget {
  #entries = 0;
  #bytes = 0;
  readonly #archive: string;
  readonly #archiveBytes: number;
  readonly #limits: ArchiveLimits;

  constructor(archive: string, archiveBytes: number, limits: ArchiveLimits) {
    this.#archive = archive;
    this.#archiveBytes = archiveBytes;
    this.#limits = limits;
  }

  /** `packedBytes` where the format tells it for each member. */
  add(member: string, bytes: number, packedBytes?: number): void {
    const { maxEntries, maxEntryBytes, maxTotalBytes, maxRatio } = this.#limits;
    this.#entries++;
    this.#bytes += bytes;
    if (this.#entries > maxEntries) this.#refuse(member, `the archive has more than ${maxEntries} members`);
    if (bytes > maxEntryBytes) {
      this.#refuse(
        member,
        `it unpacks to ${byteCount(bytes)}, the limit for one member is ${byteCount(maxEntryBytes)}`,
      );
    }
    if (this.#bytes > maxTotalBytes) {
      this.#refuse(member, `up to here the archive unpacks to more than ${byteCount(maxTotalBytes)}, its limit`);
    }
    if (packedBytes !== undefined && bytes > ratioFloorBytes && bytes > packedBytes * maxRatio) {
      this.#refuse(member, `${byteCount(bytes)} from ${byteCount(packedBytes)} is more than ${maxRatio} times`);
    }
    if (this.#bytes > ratioFloorBytes && this.#bytes > this.#archiveBytes * maxRatio) {
      this.#refuse(
        member,
        `${byteCount(this.#bytes)} from ${byteCount(this.#archiveBytes)} is more than ${maxRatio} times`,
      );
    }
  }

  #refuse(member: string, why: string): never {
    throw new FettleError(`${this.#archive} is refused at member ${JSON.stringify(member)}: ${why}`, {
      code: 'archive-limit',
      where: `${this.#archive}!/${member}`,
      hint: 'This is how decompression bombs look. If the archive is right, unpack it yourself and give the folder.',
    });
  }
}
