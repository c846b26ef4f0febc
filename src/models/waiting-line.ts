/** One who waits. */
export interface Waiter<T> {
  readonly value: T;
  before: Waiter<T> | undefined;
  after: Waiter<T> | undefined;
  waiting: boolean;
}

/** First in, first out; leaving from the middle costs the same as from the front. */
export class WaitingLine<T> {
  size = 0;
  private first: Waiter<T> | undefined;
  private last: Waiter<T> | undefined;

  join(value: T): Waiter<T> {
    const waiter: Waiter<T> = { value, before: this.last, after: undefined, waiting: true };
    if (this.last === undefined) this.first = waiter;
    else this.last.after = waiter;
    this.last = waiter;
    this.size += 1;
    return waiter;
  }

  /** The one who waited longest. */
  next(): T | undefined {
    const { first } = this;
    if (first === undefined) return undefined;
    this.leave(first);
    return first.value;
  }

  leave(waiter: Waiter<T>): void {
    if (!waiter.waiting) return;
    waiter.waiting = false;
    if (waiter.before === undefined) this.first = waiter.after;
    else waiter.before.after = waiter.after;
    if (waiter.after === undefined) this.last = waiter.before;
    else waiter.after.before = waiter.before;
    this.size -= 1;
  }
}
