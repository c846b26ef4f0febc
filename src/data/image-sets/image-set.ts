import type { ImageReference } from '../../core/index.ts';

export type SplitName = 'train' | 'validation' | 'test';

/** One picture with what its data set says about it. */
export interface ImageItem {
  /** Unique within its set: the picture's path within the data, or what the rows call it. */
  readonly id: string;
  /** Read and hashed on first use (`image.load()` gives the sha256). */
  readonly image: ImageReference;
  readonly class?: string | undefined;
  readonly superclass?: string | undefined;
  readonly captions?: readonly string[] | undefined;
  readonly split?: SplitName | undefined;
}

/** A set of pictures with class names, captions, or both. */
export interface ImageSet {
  readonly name: string;
  /** For people. */
  readonly location: string;
  readonly form: ImageSetForm;
  /** In an order that the files alone decide: paths by UTF-16 code unit, rows as they stand. */
  readonly items: readonly ImageItem[];
  /** Names of the classes that have items: as labels.json orders them, else by UTF-16 code unit. */
  readonly classes?: readonly string[] | undefined;
  /** Class → superclass, where known. */
  readonly superclasses?: ReadonlyMap<string, string> | undefined;
  /** What was left out and why. */
  readonly notes: readonly string[];
  /**
   * sha256 over the items in order: ids, splits, classes, captions and the sha256 of each picture's bytes.
   * The same pictures hash the same in a folder and in an archive. Reads every picture, once.
   */
  hash(): Promise<string>;
  /** Frees open archives. Pictures cannot be read afterwards. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** `classes`: folders named after classes. `captions`: a table or list that names pictures. */
export type ImageSetForm = 'classes' | 'captions';

export interface OpenImageSetOptions {
  /** Default: `captions` where a file of captions names pictures that are there, else `classes`. */
  readonly form?: ImageSetForm | undefined;
  /** For people; the last part of the location where absent. */
  readonly name?: string | undefined;
  /** Path within the data of the file of captions or rows, where there are several. */
  readonly captions?: string | undefined;
  /** Path within the data of the JSON file of split lists. Default: the one that holds some. */
  readonly splits?: string | undefined;
  /** Path within the data of the JSON file with superclasses. Default: `labels.json`. */
  readonly labels?: string | undefined;
  /** Keep the items of these splits alone. */
  readonly only?: readonly SplitName[] | undefined;
}
