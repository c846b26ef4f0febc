import type { CallRecord, SampleResult } from '../core/index.ts';

/** How a journaled request begins when its messages come first. */
export const requestHead = '{"messages":';

/** Where a result's input stands already. */
export interface SharedInput {
  readonly call: number;
  /** UTF-16 units behind `requestHead`. */
  readonly length: number;
}

/** The first request of each sample in flight, so that its messages need not be stored again as the result's input. */
export interface SharedInputs {
  remember(run: number, call: CallRecord, id: number): void;
  /** Undefined where the request is not known or does not begin with exactly this JSON. */
  take(run: number, result: SampleResult, inputJson: string): SharedInput | undefined;
  /** After a rollback or deletion: the ids of calls are void. */
  forget(): void;
}

/** Requests in flight are few; what is never taken is dropped, oldest first, beyond these bounds. */
const maxEntries = 4096;
const maxCharacters = 8_000_000;

export function createSharedInputs(): SharedInputs {
  const requests = new Map<string, { readonly id: number; readonly request: string }>();
  let characters = 0;
  const drop = (key: string): void => {
    characters -= requests.get(key)?.request.length ?? 0;
    requests.delete(key);
  };
  const keyOf = (run: number, record: { task: string; sampleId: string; epoch: number }): string =>
    `${run}\n${record.epoch}\n${record.task.length}\n${record.task}${record.sampleId}`;
  return {
    remember(run, call, id) {
      if (!call.request.startsWith(requestHead) || call.request.length > maxCharacters / 8) return;
      const key = keyOf(run, call);
      drop(key);
      requests.set(key, { id, request: call.request });
      characters += call.request.length;
      for (const oldest of requests.keys()) {
        if (requests.size <= maxEntries && characters <= maxCharacters) break;
        drop(oldest);
      }
    },
    take(run, result, inputJson) {
      const key = keyOf(run, result);
      const known = requests.get(key);
      if (known === undefined) return undefined;
      drop(key);
      // Short inputs are not worth the look into another table when they are read.
      if (inputJson.length < 64 || !known.request.startsWith(inputJson, requestHead.length)) return undefined;
      return { call: known.id, length: inputJson.length };
    },
    forget() {
      requests.clear();
      characters = 0;
    },
  };
}
