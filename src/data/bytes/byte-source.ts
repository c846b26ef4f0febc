/** Something that bytes can be read from, as often as one likes. */
export interface ByteSource {
  /** For people, in messages: a path, `data.zip!/tasks/a.csv`. Never opened as it stands. */
  readonly label: string;
  /** The file name, from which a format may be guessed. */
  readonly name: string;
  /** In bytes, as stored (before `.gz` is undone), where it is known without reading. */
  readonly size?: number | undefined;
  /** Where the bytes are a plain file of their own. */
  readonly file?: string | undefined;
  /** The bytes in order, from the start. A chunk belongs to the reader. */
  stream(): AsyncIterable<Uint8Array>;
  /** All bytes at once; a FettleError `data-too-large` above `maxBytes` (default 2 GiB). */
  bytes(options?: { readonly maxBytes?: number | undefined }): Promise<Uint8Array>;
  /** Bytes `start` to `end` (exclusive), where reading a part does not cost reading the whole. */
  range?(start: number, end: number): Promise<Uint8Array>;
}
