import sax from 'sax';
import type { FettleError } from '../../core/index.ts';
import { rowError } from '../rows/row-fault.ts';
import type { ReadXmlOptions } from './read-xml.ts';
import type { XmlElement } from './xml-element.ts';

interface Open {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly line: number;
  readonly children: XmlElement[];
  text: string;
}

/** Pieces that the parser is given at once: its checks of lengths come between them. */
const pieceCharacters = 32 * 1024;

/** Builds records from a document that comes in pieces. */
export class RecordBuilder {
  readonly #parser = sax.parser(true, { position: true });
  readonly #label: string;
  readonly #limits: {
    readonly record: string;
    readonly maxDepth: number;
    readonly maxRecordCharacters: number;
    readonly maxRecordElements: number;
  };
  /** Names of the elements that are open. */
  readonly #path: string[] = [];
  /** From the record inwards; empty between records. */
  readonly #open: Open[] = [];
  #finished: XmlElement[] = [];
  #characters = 0;
  #elements = 0;
  #tagLine = 1;
  #sawElement = false;

  constructor(
    label: string,
    { record, maxDepth = 64, maxRecordCharacters = 4_000_000, maxRecordElements = 100_000 }: ReadXmlOptions,
  ) {
    this.#label = label;
    this.#limits = { record, maxDepth, maxRecordCharacters, maxRecordElements };
    const parser = this.#parser;
    Object.assign(parser, {
      onerror: (error: Error) => {
        throw this.#fault(error.message.split('\n', 1)[0] ?? 'it is not well-formed');
      },
      ondoctype: () => {
        throw this.#fault('document types are refused: they can declare entities without end', {
          hint: 'Delete the <!DOCTYPE …> from the file.',
        });
      },
      onopentagstart: () => {
        // The character behind the name is read already, which may have been the end of the line.
        this.#tagLine = parser.column === 0 ? parser.line : parser.line + 1;
      },
      onopentag: (tag: sax.Tag) => this.#openTag(tag),
      onclosetag: () => this.#closeTag(),
      ontext: (text: string) => this.#text(text),
      oncdata: (text: string) => this.#text(text),
    });
  }

  /** The line that is read, from 1. */
  get line(): number {
    return this.#parser.line + 1;
  }

  /** Reads on, and gives the records that end within. */
  *write(text: string): Generator<XmlElement, void, undefined> {
    for (let at = 0; at < text.length; at += pieceCharacters) {
      this.#parser.write(text.slice(at, at + pieceCharacters));
      const finished = this.#finished;
      this.#finished = [];
      yield* finished;
    }
  }

  /** Checks that the document is whole. */
  end(): void {
    if (this.#path.length > 0) {
      throw this.#fault(`the document ends within <${this.#path.at(-1) ?? ''}>`, {
        code: 'data-truncated',
        hint: 'Fetch the file again.',
      });
    }
    this.#parser.close();
    if (!this.#sawElement) throw this.#fault('the document has no element');
  }

  #fault(message: string, more: { code?: string; hint?: string } = {}): FettleError {
    return rowError(this.#label, { message, line: this.line, column: this.#parser.column + 1, ...more });
  }

  #openTag(tag: sax.Tag): void {
    if (this.#sawElement && this.#path.length === 0) throw this.#fault('the document has a second root element');
    this.#sawElement = true;
    this.#path.push(tag.name);
    if (this.#path.length > this.#limits.maxDepth) {
      throw this.#fault(`elements lie more than ${this.#limits.maxDepth} deep`, { code: 'data-too-large' });
    }
    const attributes = new Map<string, string>();
    for (const [name, value] of Object.entries(tag.attributes)) {
      this.#count(name.length + value.length);
      attributes.set(name, value);
    }
    if (this.#open.length === 0 && tag.name !== this.#limits.record) return;
    if (++this.#elements > this.#limits.maxRecordElements) {
      throw this.#fault(`a <${this.#limits.record}> holds more than ${this.#limits.maxRecordElements} elements`, {
        code: 'data-too-large',
      });
    }
    this.#open.push({ name: tag.name, attributes, line: this.#tagLine, children: [], text: '' });
  }

  #closeTag(): void {
    this.#path.pop();
    const element = this.#open.pop();
    if (element === undefined) return;
    const outer = this.#open.at(-1);
    if (outer !== undefined) {
      outer.children.push(element);
      return;
    }
    this.#finished.push(element);
    this.#characters = 0;
    this.#elements = 0;
  }

  #text(text: string): void {
    const element = this.#open.at(-1);
    if (element === undefined && text.trim() === '') return;
    this.#count(text.length);
    if (element !== undefined) element.text += text;
  }

  #count(characters: number): void {
    this.#characters += characters;
    if (this.#characters > this.#limits.maxRecordCharacters) {
      throw this.#fault(
        `a <${this.#limits.record}>, or what stands before one, is longer than ${this.#limits.maxRecordCharacters} characters`,
        { code: 'data-too-large' },
      );
    }
  }
}
