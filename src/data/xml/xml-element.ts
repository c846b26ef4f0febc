/** One element of a document with what is in it. */
export interface XmlElement {
  /** As written, with its prefix. */
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  /** Its own text, that of its children left out, as written. */
  readonly text: string;
  readonly children: readonly XmlElement[];
  /** Where its tag starts, from 1. */
  readonly line: number;
}

/** Trimmed text of the first child of this name; undefined where there is none. */
export function childText(element: XmlElement, name: string): string | undefined {
  return element.children.find((child) => child.name === name)?.text.trim();
}
