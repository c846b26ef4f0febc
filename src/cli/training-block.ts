/** Some lines at the end of a terminal's text that are redrawn in place. */
export class TrainingBlock {
  readonly #write: (text: string) => void;
  #lines = 0;

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  /** Puts other lines in place of those that are shown. Lines have to be narrower than the terminal. */
  show(lines: readonly string[]): void {
    this.#write(`${this.#toStart()}${lines.join('\n')}`);
    this.#lines = lines.length;
  }

  /** Writes a line that stays; the block is to be shown again below it. */
  above(line: string): void {
    this.#write(`${this.#toStart()}${line}\n`);
    this.#lines = 0;
  }

  clear(): void {
    if (this.#lines > 0) this.#write(this.#toStart());
    this.#lines = 0;
  }

  /** To the first column of the first line, with everything from there on erased. */
  #toStart(): string {
    return `\r${this.#lines > 1 ? `\u001B[${this.#lines - 1}A` : ''}\u001B[J`;
  }
}
