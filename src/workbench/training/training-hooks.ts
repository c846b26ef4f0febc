import type { EngineEvent } from '../../engine/index.ts';

/** What a caller is told while a training or an experiment goes on. */
export type TrainingNews =
  | { readonly kind: 'stage'; readonly text: string }
  | { readonly kind: 'data'; readonly text: string; readonly done: number; readonly total: number }
  /** A job of several: `index` from 0 of `total` parts of the whole. */
  | { readonly kind: 'job'; readonly name: string; readonly index: number; readonly total: number }
  | { readonly kind: 'engine'; readonly name: string; readonly event: EngineEvent }
  | { readonly kind: 'done'; readonly name: string; readonly text: string }
  | { readonly kind: 'note'; readonly text: string };

export interface TrainingHooks {
  readonly onNews?: ((news: TrainingNews) => void) | undefined;
  /** Once aborted, running jobs save a checkpoint and the experiment ends; the same call takes it up again. */
  readonly signal?: AbortSignal | undefined;
}
