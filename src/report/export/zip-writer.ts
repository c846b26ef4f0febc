import type { FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { crc32, createDeflateRaw, deflateRawSync } from 'node:zlib';

interface Entry {
  /** As a string: a buffer of it would keep the whole slab alive that it was cut from. */
  readonly name: string;
  readonly offset: number;
  crc: number;
  compressed: number;
  size: number;
}

const uint32Max = 0xffffffff;

/**
 * Writes a zip archive into a new file, member after member, with flat memory but for the directory.
 *
 * Every header holds the true sizes (no data descriptors), names are UTF-8 (flag 0x800), there is no comment,
 * and ZIP64 records appear only where a number outgrows 32 bits or 65,535 members.
 * Own code because the libraries at hand fail here: fflate's stream knows no ZIP64 and lets the member count wrap,
 * yazl keeps all compressed members in memory and searches its list anew for each.
 * Source: PKWARE APPNOTE 6.3.10, sections 4.3.7 to 4.3.16 and 4.5.3.
 */
export class ZipWriter {
  readonly #file: FileHandle;
  readonly #entries: Entry[] = [];
  #position = 0;
  readonly #staging = Buffer.allocUnsafe(1 << 20);
  #staged = 0;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  /** Bytes written so far. */
  get bytes(): number {
    return this.#position;
  }

  async add(name: string, content: string): Promise<void> {
    const bytes = Buffer.from(content, 'utf8');
    const deflated = deflateRawSync(bytes);
    const entry = this.#newEntry(name);
    entry.crc = crc32(bytes);
    entry.size = bytes.length;
    entry.compressed = deflated.length;
    await this.#write(localHeader(entry));
    await this.#write(deflated);
  }

  /** A member of any length, never held in memory. Its header is completed when its sizes are known. */
  async addStream(name: string, chunks: AsyncIterable<string>): Promise<void> {
    const entry = this.#newEntry(name);
    await this.#write(localHeader(entry));
    const counted = async function* (): AsyncGenerator<Buffer> {
      for await (const chunk of chunks) {
        const bytes = Buffer.from(chunk, 'utf8');
        entry.crc = crc32(bytes, entry.crc);
        entry.size += bytes.length;
        yield bytes;
      }
    };
    const deflate = createDeflateRaw();
    const source = Readable.from(counted(), { objectMode: false });
    source.on('error', (error) => deflate.destroy(error));
    for await (const chunk of source.pipe(deflate) as AsyncIterable<Buffer>) {
      entry.compressed += chunk.length;
      await this.#write(chunk);
    }
    if (entry.size > uint32Max || entry.compressed > uint32Max) {
      throw new RangeError(`the member ${name} is larger than 4 GiB`);
    }
    await this.#flush();
    const header = localHeader(entry);
    await this.#file.write(header, 0, header.length, entry.offset);
  }

  /** Writes the directory. The file is a whole archive from then on. */
  async finish(): Promise<void> {
    const start = this.#position;
    for (const entry of this.#entries) await this.#write(directoryEntry(entry));
    const size = this.#position - start;
    const count = this.#entries.length;
    if (count > 0xfffe || start >= uint32Max || size >= uint32Max) {
      await this.#write(zip64End(count, size, start, this.#position));
    }
    const end = Buffer.alloc(22);
    end.writeUInt32LE(0x06054b50, 0);
    end.writeUInt16LE(Math.min(count, 0xffff), 8);
    end.writeUInt16LE(Math.min(count, 0xffff), 10);
    end.writeUInt32LE(Math.min(size, uint32Max), 12);
    // Inspect's viewer enters ZIP64 by this field or the size alone, never by the count.
    end.writeUInt32LE(count > 0xfffe ? uint32Max : Math.min(start, uint32Max), 16);
    await this.#write(end);
    await this.#flush();
  }

  #newEntry(name: string): Entry {
    const entry = { name, offset: this.#position, crc: 0, compressed: 0, size: 0 };
    this.#entries.push(entry);
    return entry;
  }

  /** Copies small writes together; what zlib gives is a slice of a larger block that must not be kept. */
  async #write(bytes: Buffer): Promise<void> {
    if (this.#staged + bytes.length > this.#staging.length) await this.#flush();
    if (bytes.length > this.#staging.length) await this.#writeAt(bytes, this.#position);
    else this.#staged += bytes.copy(this.#staging, this.#staged);
    this.#position += bytes.length;
  }

  async #flush(): Promise<void> {
    await this.#writeAt(this.#staging.subarray(0, this.#staged), this.#position - this.#staged);
    this.#staged = 0;
  }

  async #writeAt(bytes: Buffer, at: number): Promise<void> {
    for (let done = 0; done < bytes.length;) {
      done += (await this.#file.write(bytes, done, bytes.length - done, at + done)).bytesWritten;
    }
  }
}

/** Version, flags, method, time, crc, sizes and name length: what both kinds of header share. 1 January 1980. */
function commonFields(entry: Entry, compressed: number, size: number): Buffer {
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(45, 0);
  fields.writeUInt16LE(0x800, 2);
  fields.writeUInt16LE(8, 4);
  fields.writeUInt16LE(0x21, 8);
  fields.writeUInt32LE(entry.crc, 10);
  fields.writeUInt32LE(compressed, 14);
  fields.writeUInt32LE(size, 18);
  fields.writeUInt16LE(Buffer.byteLength(entry.name), 22);
  return fields;
}

function localHeader(entry: Entry): Buffer {
  const signature = Buffer.from([0x50, 0x4b, 0x03, 0x04]);
  return Buffer.concat([signature, commonFields(entry, entry.compressed, entry.size), Buffer.from(entry.name)]);
}

function directoryEntry(entry: Entry): Buffer {
  const far = entry.offset >= uint32Max;
  const extra = Buffer.alloc(far ? 12 : 0);
  if (far) {
    extra.writeUInt16LE(1, 0);
    extra.writeUInt16LE(8, 2);
    extra.writeBigUInt64LE(BigInt(entry.offset), 4);
  }
  const fields = commonFields(entry, entry.compressed, entry.size);
  fields.writeUInt16LE(extra.length, 24);
  const rest = Buffer.alloc(14);
  // A regular file, readable by all: some unpackers take 0 for "no permissions".
  rest.writeUInt32LE((0o100644 << 16) >>> 0, 6);
  rest.writeUInt32LE(far ? uint32Max : entry.offset, 10);
  return Buffer.concat([Buffer.from([0x50, 0x4b, 0x01, 0x02, 45, 3]), fields, rest, Buffer.from(entry.name), extra]);
}

function zip64End(count: number, size: number, start: number, position: number): Buffer {
  const record = Buffer.alloc(76);
  record.writeUInt32LE(0x06064b50, 0);
  record.writeBigUInt64LE(44n, 4);
  record.writeUInt16LE(45, 12);
  record.writeUInt16LE(45, 14);
  record.writeBigUInt64LE(BigInt(count), 24);
  record.writeBigUInt64LE(BigInt(count), 32);
  record.writeBigUInt64LE(BigInt(size), 40);
  record.writeBigUInt64LE(BigInt(start), 48);
  record.writeUInt32LE(0x07064b50, 56);
  record.writeBigUInt64LE(BigInt(position), 64);
  record.writeUInt32LE(1, 72);
  return record;
}
