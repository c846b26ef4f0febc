import type { SampleResult, Score } from '../core/index.ts';
import type { SummaryError } from './summary.ts';

/** How many different messages are told apart. */
const mostMessages = 100;

/** Errors of samples, equal messages counted together, so that an endpoint that is down is one line. */
export class ErrorLog {
  readonly #entries = new Map<string, SummaryError & { count: number }>();
  #further = 0;

  add(result: SampleResult, score: Score | undefined): void {
    const { error } = result;
    if (result.status === 'failed') {
      const where = error?.where === undefined ? '' : ` (${error.where})`;
      this.#count(result, (error?.message ?? 'failed without a message') + where, error?.hint);
    } else if (score?.broken === true) this.#count(result, score.reason ?? 'the scoring broke');
  }

  #count(result: SampleResult, message: string, hint?: string): void {
    const known = this.#entries.get(message);
    if (known !== undefined) known.count++;
    else if (this.#entries.size >= mostMessages) this.#further++;
    else {
      const where = `${result.task}/${result.sampleId}`;
      this.#entries.set(message, { where, message, ...(hint !== undefined && { hint }), count: 1 });
    }
  }

  list(): SummaryError[] {
    const entries: SummaryError[] = [...this.#entries.values()];
    if (this.#further > 0)
      entries.push({ where: '', message: 'further errors with other messages', count: this.#further });
    return entries;
  }
}
