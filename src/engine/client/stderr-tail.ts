/** The last words of a process: enough for an error report, never more than `limit` bytes. */
export class StderrTail {
  readonly #limit: number;
  #chunks: Buffer[] = [];
  #bytes = 0;

  constructor(limit = 64 * 1024) {
    this.#limit = limit;
  }

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    for (let first = this.#chunks[0]; first !== undefined && this.#bytes - first.length >= this.#limit;) {
      this.#chunks.shift();
      this.#bytes -= first.length;
      first = this.#chunks[0];
    }
  }

  text(): string {
    return Buffer.concat(this.#chunks).subarray(-this.#limit).toString('utf8');
  }

  /** The last lines, for a message. */
  lines(count = 12): string {
    return this.text()
      .split('\n')
      .map((line) => line.trimEnd().slice(0, 400))
      .filter((line) => line !== '')
      .slice(-count)
      .join('\n');
  }
}
