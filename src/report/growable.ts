type NumberArray = Float64Array | Int32Array;

/** A typed array that grows: numbers of many samples at eight or four bytes each. */
export class Growable<A extends NumberArray> {
  #data: A;
  #length = 0;

  constructor(create: () => A) {
    this.#data = create();
  }

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#data.length) {
      const larger = new (this.#data.constructor as new (length: number) => A)(this.#length * 2 || 16);
      larger.set(this.#data);
      this.#data = larger;
    }
    this.#data[this.#length++] = value;
  }

  at(index: number): number {
    return this.#data[index] as number;
  }

  /** What was pushed, without a copy. Valid until the next push. */
  view(): A {
    return this.#data.subarray(0, this.#length) as A;
  }
}

export const growableFloats = (): Growable<Float64Array> => new Growable(() => new Float64Array(16));
export const growableIntegers = (): Growable<Int32Array> => new Growable(() => new Int32Array(16));
