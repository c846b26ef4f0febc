import type { ByteSource } from '../bytes/byte-source.ts';

/** One file of a data set. */
export interface DataEntry extends ByteSource {
  /** Relative to the data set, with `/`. */
  readonly path: string;
  /** In bytes, unpacked from its archive. */
  readonly size: number;
}

/** What `--data` names: the files of a folder, an archive read in place, or a single file. */
export interface DataTree {
  readonly kind: 'folder' | 'zip' | 'tar' | 'file';
  /** For people. */
  readonly location: string;
  /** What was left out and why: links, duplicate names, devices. Complete once `list` has resolved. */
  readonly notes: readonly string[];
  /** Entries in the order of their paths (by UTF-16 code unit); those that `keep` accepts. */
  list(keep?: (path: string) => boolean): Promise<readonly DataEntry[]>;
  /** The entry of this path; `./`, backslashes and other Unicode forms of the same name are understood. */
  get(path: string): Promise<DataEntry | undefined>;
  /** As `get`; a FettleError `data-missing` that names the nearest paths where there is none. */
  need(path: string): Promise<DataEntry>;
  /**
   * sha256 over entries: for each, in the order of the paths, its path and the sha256 of its bytes.
   * `paths` absent: the entries that were opened so far. The same files hash the same in a folder and in any archive.
   */
  sha256(paths?: Iterable<string>): Promise<string>;
  /** Frees what is held open. Entries cannot be read afterwards. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}
