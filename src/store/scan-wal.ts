import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';

/** What a write-ahead log holds, as recovery would read it. */
export interface WalScan {
  /** Whole frames up to the last whole commit: what SQLite will use. */
  readonly committedFrames: number;
  /** Frames behind that which were written but cannot be read. 0 for a log that merely ends in the middle of a commit. */
  readonly unreadableFrames: number;
}

const headerBytes = 32;
const frameHeaderBytes = 24;
const littleEndianMagic = 0x377f0682;
const bigEndianMagic = 0x377f0683;

/**
 * Reads a write-ahead log and checks every frame's checksum. SQLite itself drops everything behind the first bad frame
 * without a word. Format: "WAL-mode File Format", sqlite.org/walformat.html.
 *
 * How many frames there should be is known from the shared-memory file where a killed process left it; else frames that
 * carry this log's salts behind a bad one tell. Undefined where there is no log, or nothing in it.
 * Must not be called while this process has the database open: closing the files would drop its locks.
 */
export function scanWal(walFile: string, shmFile: string): WalScan | undefined {
  let handle: number;
  try {
    handle = openSync(walFile, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const { size } = fstatSync(handle);
    if (size <= headerBytes) return undefined;
    const header = Buffer.alloc(headerBytes);
    readSync(handle, header, 0, headerBytes, 0);
    return scanFrames(handle, size, header, expectedFrames(shmFile, header));
  } finally {
    closeSync(handle);
  }
}

function scanFrames(handle: number, size: number, header: Buffer, expected: number | undefined): WalScan | undefined {
  const magic = header.readUInt32BE(0);
  const pageBytes = header.readUInt32BE(8);
  const sum = new Uint32Array(2);
  const known = magic === littleEndianMagic || magic === bigEndianMagic;
  const plausible = known && pageBytes >= 512 && pageBytes <= 65_536 && (pageBytes & (pageBytes - 1)) === 0;
  if (plausible) addChecksum(sum, header, 0, 24, magic === littleEndianMagic);
  if (!plausible || sum[0] !== header.readUInt32BE(24) || sum[1] !== header.readUInt32BE(28)) {
    // A log of zeros was never begun; any other cannot be read from its head on.
    if (header.every((byte) => byte === 0)) return undefined;
    return { committedFrames: 0, unreadableFrames: Math.max(1, Math.ceil((size - headerBytes) / (4096 + 24))) };
  }
  const frameBytes = frameHeaderBytes + pageBytes;
  const frame = Buffer.alloc(frameBytes);
  const salts = header.subarray(16, 24);
  let committed = 0;
  let whole = true;
  let lastOfThisLog = 0;
  for (let number = 1, offset = headerBytes; offset < size; number++, offset += frameBytes) {
    const length = readSync(handle, frame, 0, frameBytes, offset);
    if (length < 16) break;
    const ours = frame.subarray(8, 16).equals(salts);
    if (!ours) {
      // Left over from before the log was begun anew, or damaged: what follows tells.
      whole = false;
      continue;
    }
    lastOfThisLog = number;
    if (!whole) continue;
    if (length === frameBytes) {
      addChecksum(sum, frame, 0, 8, magic === littleEndianMagic);
      addChecksum(sum, frame, frameHeaderBytes, frameBytes, magic === littleEndianMagic);
    }
    whole = length === frameBytes && sum[0] === frame.readUInt32BE(16) && sum[1] === frame.readUInt32BE(20);
    if (whole && frame.readUInt32BE(4) !== 0) committed = number;
  }
  // Frames that are whole but lack their commit belong to a transaction that was never acknowledged.
  const seen = whole || lastOfThisLog <= committed ? 0 : lastOfThisLog - committed;
  if (expected !== undefined && expected >= committed)
    return { committedFrames: committed, unreadableFrames: expected - committed };
  return { committedFrames: committed, unreadableFrames: seen };
}

/** The number of committed frames that the shared-memory file names, where it belongs to this log. */
function expectedFrames(shmFile: string, walHeader: Buffer): number | undefined {
  let index: Buffer;
  try {
    index = readFileSync(shmFile);
  } catch {
    return undefined;
  }
  // Two copies of a 48-byte header; they differ while it is being changed. Words are in the machine's own order.
  if (index.length < 96 || !index.subarray(0, 48).equals(index.subarray(48, 96)) || index[12] !== 1) return undefined;
  if (!index.subarray(32, 40).equals(walHeader.subarray(16, 24))) return undefined;
  return new DataView(index.buffer, index.byteOffset).getUint32(16, isLittleEndian);
}

const isLittleEndian = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;

/** SQLite's running checksum over pairs of 32-bit words. */
function addChecksum(sum: Uint32Array, bytes: Buffer, from: number, to: number, littleEndian: boolean): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let [first, second] = [sum[0] as number, sum[1] as number];
  for (let i = from; i < to; i += 8) {
    first = (first + view.getUint32(i, littleEndian) + second) >>> 0;
    second = (second + view.getUint32(i + 4, littleEndian) + first) >>> 0;
  }
  sum[0] = first;
  sum[1] = second;
}
