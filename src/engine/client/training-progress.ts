import { FettleError } from '../../core/index.ts';
import type { EngineEvent, EngineEventOf } from '../protocol/index.ts';
import { engineError } from './failures.ts';

export type TrainingOutcome =
  | {
      readonly kind: 'done';
      readonly summary: Record<string, unknown>;
      readonly artifacts: readonly EngineEventOf<'artifact'>[];
    }
  | {
      readonly kind: 'stopped';
      readonly step: number;
      /** Where the same job goes on from; null when there was nothing to save. */
      readonly checkpoint: string | null;
      /** True when the engine did not stop by itself and had to be killed: `checkpoint` is the newest that it told of. */
      readonly forced: boolean;
    };

/** What one training job has told of so far. */
export class TrainingProgress {
  readonly #artifacts: EngineEventOf<'artifact'>[] = [];
  #phase: string | undefined;
  #step = 0;
  #total: number | undefined;
  #checkpoint: string | null = null;

  see(event: EngineEvent): void {
    if (event.event === 'phase') this.#phase = event.phase;
    else if (event.event === 'artifact') this.#artifacts.push(event);
    else if (event.event === 'checkpoint') this.#checkpoint = event.path;
    else if (event.event === 'progress') {
      this.#step = event.step;
      this.#total = event.total;
    }
  }

  /** For the message of an engine that died. */
  where(): string {
    if (this.#total !== undefined && (this.#phase === 'train' || this.#phase === undefined)) {
      return `after step ${this.#step} of ${this.#total}`;
    }
    return this.#phase === undefined ? 'before training began' : `in the phase "${this.#phase}" (step ${this.#step})`;
  }

  outcome(event: EngineEventOf<'result' | 'done' | 'stopped' | 'error'>): TrainingOutcome {
    if (event.event === 'done') return { kind: 'done', summary: event.summary, artifacts: this.#artifacts };
    if (event.event === 'stopped') {
      return { kind: 'stopped', step: event.step, checkpoint: event.checkpoint, forced: false };
    }
    if (event.event === 'error') throw engineError(event);
    throw new FettleError('The engine answered a training job with "result".', { code: 'engine-protocol' });
  }

  forcedStop(): TrainingOutcome {
    return { kind: 'stopped', step: this.#step, checkpoint: this.#checkpoint, forced: true };
  }
}
