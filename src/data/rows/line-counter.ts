const newLine = 10;
const carriageReturn = 13;

/** Follows a reader through chunks of bytes and knows on which line it is. CR LF, LF and a lone CR end a line. */
export class LineCounter {
  /** Of the current position, from 1. */
  line = 1;
  #chunks: Uint8Array[] = [];
  /** Position within the first chunk. */
  #at = 0;
  #offset = 0;
  #afterReturn = false;

  push(chunk: Uint8Array): void {
    if (chunk.length > 0) this.#chunks.push(chunk);
  }

  /** Moves forward to byte `offset`, counted from the start of the first chunk. */
  advance(offset: number): void {
    while (this.#offset < offset) {
      const chunk = this.#chunks[0];
      if (chunk === undefined) return;
      const end = Math.min(chunk.length, this.#at + offset - this.#offset);
      for (let i = this.#at; i < end; i++) this.#pass(chunk[i] as number);
      this.#move(chunk, end);
    }
  }

  /** Moves over line ends, so that the position is where the next line that is not empty starts. */
  skipEmptyLines(): void {
    for (let chunk = this.#chunks[0]; chunk !== undefined; chunk = this.#chunks[0]) {
      let end = this.#at;
      while (end < chunk.length && (chunk[end] === newLine || chunk[end] === carriageReturn)) {
        this.#pass(chunk[end] as number);
        end++;
      }
      const stopped = end < chunk.length;
      this.#move(chunk, end);
      if (stopped) return;
    }
  }

  #pass(byte: number): void {
    if (byte === newLine) {
      if (!this.#afterReturn) this.line++;
    } else if (byte === carriageReturn) this.line++;
    this.#afterReturn = byte === carriageReturn;
  }

  #move(chunk: Uint8Array, end: number): void {
    this.#offset += end - this.#at;
    this.#at = end;
    if (end < chunk.length) return;
    this.#chunks.shift();
    this.#at = 0;
  }
}
